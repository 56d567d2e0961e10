"""Places under a cap, when messages of one person compete for them; see decision 0125.

Of two messages, the one of higher priority stands before the other (a smaller number); of equal
priority, among those that are due, the one that was due first, then the one written first. What the
caps hold back may have the places of those that wait behind it; these then take, one after another
in their order, the first instant that is free.
"""

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from journeys.contact import operations as contact
from journeys.contact import queries as gate
from journeys.contact.enums import GateAnswer
from journeys.contact.rules import GateVerdict
from journeys.outreach import queries
from journeys.outreach.enums import WAITING_SQL, Failure

_TO_PLACE = f"""
SELECT id, customer_id, channel, purpose, dedup_key, not_before, failure FROM journeys_message
WHERE customer_id = ANY(%(ids)s) AND state IN {WAITING_SQL} AND purpose <> 'service'
  AND id <> ALL(%(but)s)
ORDER BY customer_id, priority, not_before, id FOR UPDATE SKIP LOCKED
"""
_PLACE = """
UPDATE journeys_message AS message
SET not_before = placed.not_before, failure_kind = 'policy', failure = placed.failure
FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[]) AS placed(id, not_before, failure)
WHERE message.id = placed.id
"""
_UNTIL_ASKED_AGAIN = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A message that may lose its place."""

    message_id: int
    customer_id: int
    channel: str
    purpose: str
    dedup_key: str
    not_before: dt.datetime
    failure: str


def place_anew(*, customer_ids: Iterable[int], but: Collection[int], at: dt.datetime) -> None:
    """This will give new places to what waits for these customers, where the caps do not leave
    them the old ones; `but` names messages that keep theirs. Nothing moves to an earlier instant.

    The caller holds the customers locked. What another worker has in hand at this instant is left
    as it is: it is weighed at its own claim.
    """
    by_customer: dict[int, list[_Waiting]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_TO_PLACE, {"ids": sorted(set(customer_ids)), "but": list(but)})
        for row in cursor.fetchall():
            by_customer[row[1]].append(_Waiting(*row))
    # One of each customer at a time: the next one is weighed against where that one went.
    for turn in itertools.zip_longest(*by_customer.values()):
        _place([one for one in turn if one is not None], at)


def _place(waiting: list[_Waiting], at: dt.datetime) -> None:
    by_start: dict[dt.datetime, list[_Waiting]] = defaultdict(list)
    for one in waiting:
        by_start[max(at, one.not_before)].append(one)
    moved: list[tuple[_Waiting, dt.datetime]] = []
    for start, some in sorted(by_start.items()):
        verdicts = ask_before_those_behind(some, start=start, at=at)
        for one in some:
            verdict = verdicts[one.customer_id, one.dedup_key]
            # Whatever else stands against it is told at its own turn.
            if verdict.answer == GateAnswer.CAP_REACHED:
                moved.append((one, verdict.next_free or start + _UNTIL_ASKED_AGAIN))
    if moved:
        _move(moved)


def ask_before_those_behind(
    asked: Sequence[Any], *, start: dt.datetime, at: dt.datetime
) -> dict[tuple[int, str], GateVerdict]:
    """This will ask the gate about messages from `start` on, as if nothing waited behind them."""
    return gate.ask_again(
        customer_ids=[one.customer_id for one in asked],
        purposes=[one.purpose for one in asked],
        channels=[one.channel for one in asked],
        dedup_keys=[one.dedup_key for one in asked],
        at=start,
        spares=queries.BEHIND,
        spared={"weighed_at": at},
    )


def _move(moved: list[tuple[_Waiting, dt.datetime]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _PLACE,
            [
                [one.message_id for one, _place in moved],
                [place for _one, place in moved],
                [Failure.YIELDED.value for _each in moved],
            ],
        )
    contact.place_contacts(
        causes=[(one.customer_id, one.dedup_key) for one, _place in moved],
        instants=[place for _one, place in moved],
    )
