"""Queueing messages through the gate, beside a bare INSERT..SELECT of the same rows.

    python -m benchmarks.outbox [CUSTOMERS]

The bare statement writes the contacts and the messages of everybody, without asking anything. Ours
locks the customers, asks consent, refusals, addresses, caps and hours, and writes the same rows: by
one process, as a run does, which settles its chunks one after another; and by two, as the workers
do with the steps of touch plans. The promise: a ratio of 2 on two cores.
"""

import contextlib
import datetime as dt
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from benchmarks import harness

harness.boot()

from django.db import connection, transaction  # noqa: E402  (settings come first)

from benchmarks.crowds.queuers import AT, CONTEXT, queue  # noqa: E402
from journeys.outreach import operations as outreach  # noqa: E402

CUSTOMERS, FULL = 100_000, 1_000_000
CHUNK = 10_000
RUNS = 3
WORKERS = 2
Queuer = subprocess.Popen[str]

_BANK = """
    INSERT INTO portal_branch (code, name, name_en, level, path, division_code, is_active)
    VALUES ('HO', '总行', 'Head office', 'head_office', '/HO/', '', true);
    INSERT INTO journeys_customer (number, kind, name, name_pinyin, branch_id, language,
        division_code, registered_date, source, lawful_basis, phone_sealed, phone_index,
        callee, phone_masked, id_number_masked, email_masked)
    SELECT 'C' || n, 'person', 'c', 'c', (SELECT id FROM portal_branch), 'zh-hans', '',
        '2026-01-01', 'file', 'contract', decode(lpad(to_hex(n), 82, '0'), 'hex'),
        decode(lpad(to_hex(n), 32, '0'), 'hex'), decode(lpad(to_hex(n), 32, '0'), 'hex'), '', '', ''
    FROM generate_series(1, %(customers)s) n;
    INSERT INTO journeys_contactrule (effective_date, day_cap, month_cap, source)
    VALUES ('2020-01-01', 2, 5, 'bench');
    INSERT INTO journeys_contacthours (effective_date, channel, division_prefix, day_kind, opens,
        closes, is_overnight, is_lifted, source)
    SELECT '2020-01-01', channel, '', day_kind, '09:00', '20:00', false, false, 'bench'
    FROM unnest(ARRAY['sms', 'email', 'phone']) channel, unnest(ARRAY['workday', 'rest']) day_kind;
    INSERT INTO journeys_calendaryear (year, source, is_assumed)
    SELECT year, 'bench', true FROM generate_series(2020, 2060) year ON CONFLICT DO NOTHING;
    INSERT INTO journeys_consenttext (code, version, purpose, words, words_en, effective_date)
    VALUES ('bench', 1, 'marketing', 'x', 'x', '2020-01-01');
    INSERT INTO journeys_consent (customer_id, purpose, channel, is_granted, text_id,
        evidence, effective_at, recorded_at)
    SELECT id, 'marketing', 'sms', true, (SELECT id FROM journeys_consenttext), 'e', %(before)s,
        %(before)s FROM journeys_customer;
    ANALYZE
"""
_BARE = [
    """INSERT INTO journeys_contact (customer_id, channel, purpose, at, origin, dedup_key)
       SELECT id, 'sms', 'marketing', %(at)s, 'bench', 'bench' FROM journeys_customer""",
    """INSERT INTO journeys_message (customer_id, channel, purpose, template_id, context, origin,
           dedup_key, state, queued_at, not_before, attempts, gateway_reference, failure_kind,
           failure)
       SELECT id, 'sms', 'marketing', (SELECT min(id) FROM journeys_messagetemplate),
           %(context)s::jsonb, 'bench', 'bench', 'queued', %(at)s, %(at)s, 0, '', '', ''
       FROM journeys_customer""",
]


def main(customers: int) -> float:
    """This will print the times and return the ratio of two processes."""
    ids = fill(customers)
    outreach.ensure_default_templates(at=AT)
    before = harness.megabytes()
    bare = harness.median_of(RUNS, _insert, before=empty)
    ours = harness.median_of(RUNS, lambda: _queue_all(ids), before=empty)
    harness.report_memory(before)
    name = f"queueing {customers:,} messages against bare inserts"
    harness.report(f"{name}, by one process", ours, bare)
    with _queuers() as queuers:
        shared = harness.median_of(RUNS, lambda: _share(ids, queuers), before=empty)
    return harness.report(f"{name}, by {WORKERS} processes", shared, bare, 2)


def fill(customers: int) -> list[int]:
    """This will make a bank of customers who agreed to SMS, and return their ids."""
    with connection.cursor() as cursor:
        cursor.execute(_BANK, {"customers": customers, "before": AT - dt.timedelta(days=9)})
        cursor.execute("SELECT array_agg(id ORDER BY id) FROM journeys_customer")
        return list(cursor.fetchone()[0])


def empty() -> None:
    """This will take all messages and contacts away."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE journeys_message, journeys_contact CASCADE")


def _queue_all(ids: list[int]) -> None:
    """As a run does: a chunk is a transaction."""
    for first in range(0, len(ids), CHUNK):
        queue(ids[first : first + CHUNK])


@contextlib.contextmanager
def _queuers() -> Iterator[list[Queuer]]:
    with contextlib.ExitStack() as ends:
        queuers = [harness.start("benchmarks.crowds.queuers") for _each in range(WORKERS)]
        for queuer in queuers:
            ends.callback(queuer.kill)
            assert harness.line_of(queuer) == "ready\n"
        yield queuers


def _share(ids: list[int], queuers: list[Queuer]) -> None:
    """Each process takes the next batch when it has done one, as workers do."""
    free = SimpleQueue[Queuer]()
    for queuer in queuers:
        free.put(queuer)

    def work(batch: list[int]) -> None:
        queuer = free.get()
        _tell(queuer, batch)
        free.put(queuer)

    with ThreadPoolExecutor(len(queuers)) as pool:
        list(pool.map(work, [ids[first : first + CHUNK] for first in range(0, len(ids), CHUNK)]))


def _tell(queuer: Queuer, batch: list[int]) -> None:
    assert queuer.stdin is not None
    queuer.stdin.write(f"{json.dumps(batch)}\n")
    queuer.stdin.flush()
    assert harness.line_of(queuer), "a process that queues has ended"


def _insert() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _BARE:
            cursor.execute(statement, {"at": AT, "context": json.dumps(CONTEXT)})


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    size = numbers[0] if numbers else FULL if harness.is_full() else CUSTOMERS
    main(size)
    harness.end(is_judged=size >= CUSTOMERS)
