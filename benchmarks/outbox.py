"""Queueing messages through the gate, beside a bare INSERT..SELECT of the same rows.

    python -m benchmarks.outbox [CUSTOMERS]

The bare statement writes the contacts and the messages of everybody, without asking anything. Ours
locks the customers, asks consent, refusals, addresses, caps and hours, and writes the same rows.
"""

import datetime as dt
import sys
from collections.abc import Sequence

from benchmarks import harness

harness.boot()

from django.db import connection, transaction  # noqa: E402  (settings come first)

from journeys.outreach import operations as outreach  # noqa: E402

CUSTOMERS, FULL = 100_000, 1_000_000
CHUNK = 10_000
RUNS = 3
AT = dt.datetime(2026, 6, 1, 2, 0, tzinfo=dt.UTC)

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
           '{"card_tail": "0001", "campaign": "x", "reward": "y", "amount": "1"}', 'bench', 'bench',
           'queued', %(at)s, %(at)s, 0, '', '', '' FROM journeys_customer""",
]


def main(customers: int) -> float:
    """This will print both times and return their ratio."""
    ids = fill(customers)
    outreach.ensure_default_templates(at=AT)
    before = harness.megabytes()
    ours = harness.median_of(RUNS, lambda: _queue_all(ids), before=empty)
    bare = harness.median_of(RUNS, _insert, before=empty)
    harness.report_memory(before)
    return harness.report(f"queueing {customers:,} messages against bare inserts", ours, bare)


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


def queue(ids: list[int], channels: Sequence[str] = ("sms",)) -> None:
    """This will queue a message for each."""
    context = {
        "card_tail": "0001", "campaign": "x", "reward": "y", "amount": "1",
        "campaign_en": "x", "reward_en": "y",
    }  # fmt: skip
    verdicts = outreach.queue_messages(
        customer_ids=ids, contexts=dict.fromkeys(ids, context), purpose="marketing",
        channels=list(channels), template_code="first_gift", origin="bench",
        dedup_key="bench", at=AT,
    )  # fmt: skip
    assert all(verdict.is_open for verdict in verdicts)


def _insert() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _BARE:
            cursor.execute(statement, {"at": AT})


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(numbers[0] if numbers else FULL if harness.is_full() else CUSTOMERS)
