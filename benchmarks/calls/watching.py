"""Words that are written while leads are called, and what is true of the calls afterwards."""

import contextlib
import itertools
import random
import threading
from collections.abc import Iterator
from typing import Any

from django.db import connection

from benchmarks.calls.leads import CHECKS
from journeys.contact import operations as contact
from portal.kit import clock

_PAUSE = 0.1  # seconds between two words
_IN_HAND = """
SELECT id, customer_id, callee FROM journeys_lead WHERE holder_id IS NOT NULL
ORDER BY random() LIMIT 1
"""
_SOON = """
SELECT id, customer_id, callee FROM (
    SELECT * FROM journeys_lead
    WHERE branch_id = %s AND owner_id IS NULL AND state = 'new' AND holder_id IS NULL
    ORDER BY priority DESC, attempts, created_at DESC, id DESC LIMIT 20
) AS soon ORDER BY random() LIMIT 1
"""


class Words:
    """Refusals and withdrawals that are written while people are called, each with the instant at
    which it was committed (`bench_word`)."""

    def __init__(self) -> None:
        self._ends = threading.Event()
        self._faults: list[BaseException] = []
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS bench_word")
            cursor.execute("CREATE TABLE bench_word (lead_id bigint, at timestamptz)")
            cursor.execute(
                "SELECT DISTINCT branch_id FROM portal_staff WHERE role = 'telemarketer'"
            )
            self._branches = [branch_id for (branch_id,) in cursor.fetchall()]

    @contextlib.contextmanager
    def written(self) -> Iterator[None]:
        """This will write them until the block ends."""
        thread = threading.Thread(target=self._write)
        thread.start()
        try:
            yield
        finally:
            self._ends.set()
            thread.join()
        if self._faults:
            raise self._faults[0]

    def _write(self) -> None:
        rng = random.Random(7)
        try:
            while not self._ends.wait(_PAUSE):
                self._one(rng)
        except BaseException as fault:
            self._faults.append(fault)
        finally:
            connection.close()

    def _one(self, rng: random.Random) -> None:
        """About a lead in hand, or one that comes soon."""
        with connection.cursor() as cursor:
            if rng.random() < 0.5:
                cursor.execute(_IN_HAND)
            else:
                cursor.execute(_SOON, [rng.choice(self._branches)])
            row = cursor.fetchone()
            if row is None:
                return
            lead_id, customer_id, callee = row
            if customer_id is None:
                cursor.execute(
                    "INSERT INTO journeys_erasedrefusal (kind, value_hash, refused_date)"
                    " VALUES ('phone', %s, current_date) ON CONFLICT DO NOTHING", [callee],
                )  # fmt: skip
            elif rng.random() < 0.5:
                contact.record_do_not_contact(
                    customer_id=customer_id, words="x", source="call", actor=None, at=clock.now()
                )
            else:
                contact.withdraw_consent(
                    customer_id=customer_id, purpose="marketing", channel="phone", evidence="x",
                    actor=None, at=clock.now(),
                )  # fmt: skip
            # Committed by now: each stands alone.
            cursor.execute("INSERT INTO bench_word VALUES (%s, %s)", [lead_id, clock.now()])


def look_at(ours: dict[str, Any]) -> None:
    """This will look at what was given and called from outside, and raise AssertionError for what
    must not be."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, encode(callee, 'hex') FROM journeys_lead WHERE id = ANY(%s)",
                       [[lead_id for lead_id, *_rest in ours["seen"]]])  # fmt: skip
        callee = dict(cursor.fetchall())
        counts = {}
        for name, statement in CHECKS.items():
            cursor.execute(statement)
            (counts[name],) = cursor.fetchone()
    double = overlaps([(lead_id, *rest) for lead_id, *rest in ours["seen"]])
    double += overlaps([(callee[lead_id], *rest) for lead_id, *rest in ours["seen"]])
    assert double == 0, f"{double} times two people had a lead or a phone at once"
    print(f"{len(ours['seen']):,} leads were given, {counts.pop('called'):,} called, "
          f"{counts.pop('words'):,} words written meanwhile, {ours['refused']} calls refused for "
          f"what came while the lead was in hand, {ours['nothing']} times there was none; nobody "
          f"had what another had", flush=True)  # fmt: skip
    assert ours["seen"]
    assert not any(counts.values()), counts
    print(f"calls against the gate: {', '.join(f'{name} 0' for name in counts)}", flush=True)


def overlaps(seen: list[tuple[Any, ...]]) -> int:
    """This will count how often somebody saw what another saw at that instant."""
    count = 0
    for _what, group in itertools.groupby(sorted(seen), key=lambda one: one[0]):
        spans = sorted((since, until, who) for _one, who, since, until in group)
        count += sum(
            later[0] < earlier[1] and later[2] != earlier[2]
            for earlier, later in itertools.pairwise(spans)
        )
    return count
