"""The contact gate over a whole bank in one statement, beside the same questions in bare SQL.

    python -m benchmarks.gate [CUSTOMERS] [--explain]

Ours is `contact.queries.count_answers`, the statement that sending asks for single messages: with
hours by place and channel, the calendar, rolling windows to both sides, and for everybody whom the
caps hold back the first free instant. The bare side is what one would write by hand for this one
question at this one instant: joins, latest statements, two counts backwards; it knows no hours, no
contacts planned ahead, no next instant. Both give the same answers here, which is checked. The
promise: a million customers take seconds (on idle cores), thirty at most, and a single question
milliseconds, ten at most.
"""

import datetime as dt
import sys
import time
from typing import Any

from benchmarks import harness

harness.boot()

from django.db import connection, transaction  # noqa: E402  (settings come first)

from journeys.contact import queries  # noqa: E402
from journeys.customers.rules import HASH_OF  # noqa: E402

CUSTOMERS = 1_000_000
RUNS = 3
AT = dt.datetime(2026, 11, 26, 4, 0, tzinfo=dt.UTC)
_ASKED: dict[str, Any] = {
    "purpose": "marketing", "channels": ["sms", "email"], "dedup_key": "new", "at": AT,
}  # fmt: skip

# Seven of ten consented to SMS, three of seven to e-mail, some withdrew; two contacts a person in
# the last weeks, and a seventeenth of all were contacted twice today.
_BANK = """
INSERT INTO portal_branch (code, name, name_en, level, path, division_code, is_active)
VALUES ('HO', '总行', 'Head office', 'head_office', '/HO/', '', true);
INSERT INTO journeys_contactrule (effective_date, day_cap, month_cap, source)
VALUES ('2020-01-01', 2, 5, 'bench');
INSERT INTO journeys_contacthours (effective_date, channel, division_prefix, day_kind, opens,
    closes, is_overnight, is_lifted, source)
SELECT '2020-01-01', channel, place, day_kind, '09:00', '20:00', false, false, 'bench'
FROM unnest(ARRAY['sms', 'email', 'phone']) channel, unnest(ARRAY['workday', 'rest']) day_kind,
    unnest(ARRAY['', '65', '54']) place;
INSERT INTO journeys_consenttext (code, version, purpose, words, words_en, effective_date)
VALUES ('bench', 1, 'marketing', 'x', 'x', '2020-01-01');
INSERT INTO journeys_customer (number, kind, name, name_pinyin, branch_id, language,
    division_code, registered_date, source, lawful_basis, phone_masked, id_number_masked,
    email_masked, phone_sealed, phone_index, callee, email_sealed, email_index, reader,
    id_number_sealed, id_number_index, bearer)
SELECT 'C' || n, 'person', '王小明', 'wang xiao ming', (SELECT id FROM portal_branch), 'zh-hans',
    (ARRAY['110101', '310115', '440305', '650102', '510104', '540102'])[1 + n % 6], '2025-01-01',
    'file', 'contract', '138****0001', '', '', sha256(n::text::bytea), sha256(phone::bytea),
    substring(sha256(('k' || phone)::bytea), 1, 16),
    CASE WHEN n % 3 > 0 THEN sha256(('e' || n)::bytea) END,
    CASE WHEN n % 3 > 0 THEN '\\x01'::bytea END,
    CASE WHEN n % 3 > 0 THEN substring(sha256(('m' || email)::bytea), 1, 16) END,
    sha256(('j' || n)::bytea), '\\x01'::bytea, substring(sha256(('i' || id_number)::bytea), 1, 16)
-- Two of a hundred share a phone, one in two hundred an ID number, four of a hundred an e-mail; a
-- thousandth has a phone, and another an e-mail, that stands for "none".
FROM generate_series(1, {customers}) n, LATERAL (
    SELECT 'p' || CASE WHEN n % 1000 = 0 THEN 0 WHEN n % 100 = 1 THEN n - 1 ELSE n END AS phone,
           CASE WHEN n % 1000 = 500 THEN 0 WHEN n % 50 = 2 THEN n - 1 ELSE n END AS email,
           CASE WHEN n % 200 = 7 THEN n - 3 ELSE n END AS id_number
) AS own;
INSERT INTO journeys_consent (customer_id, purpose, channel, is_granted, text_id, evidence,
    effective_at, recorded_at)
SELECT id, 'marketing', channel, is_granted,
    CASE WHEN is_granted THEN (SELECT id FROM journeys_consenttext) END, 'bench', at, at
FROM journeys_customer CROSS JOIN LATERAL (VALUES
    ('sms', true, id % 10 < 7, timestamptz '2026-01-01' + id % 200 * interval '1 day'),
    ('email', true, id % 7 < 3, timestamptz '2026-01-01' + id % 210 * interval '1 day'),
    ('sms', false, id % 13 = 0, timestamptz '2026-05-01' + id % 100 * interval '1 day')
) said(channel, is_granted, is_there, at) WHERE is_there;
INSERT INTO journeys_contact (customer_id, channel, purpose, at, origin, dedup_key)
SELECT id, 'sms', 'marketing',
    timestamptz '2026-11-25 04:00+00' - n * interval '9 days' - id * 7919 % 9000 * interval '1 min',
    'b', 'b' || n
FROM generate_series(0, 2) n, journeys_customer WHERE (id + n) % 3 > 0 ORDER BY n, id;
INSERT INTO journeys_contact (customer_id, channel, purpose, at, origin, dedup_key)
SELECT id, 'sms', 'marketing', timestamptz '2026-11-26 04:00+00' - n * interval '5 hours', 'b',
    'c' || n
FROM generate_series(0, 1) n, journeys_customer WHERE id % 17 = 0 ORDER BY n, id;
INSERT INTO journeys_donotcontact (customer_id, at, words, source)
SELECT id, '2026-05-01', 'no', 'call' FROM journeys_customer WHERE id % 83 = 0;
-- A thousandth as many were erased after they had refused; of every second the phone is on file,
-- of some the ID number or the e-mail.
INSERT INTO journeys_erasedrefusal (kind, value_hash, refused_date)
SELECT kind, substring(sha256((label || n * step)::bytea), 1, 16), '2026-05-01'
FROM generate_series(1, {customers} / 1000) n,
    (VALUES ('phone', 'kp', 2003), ('id_number', 'i', 3001), ('email', 'm', 3011))
        AS each(kind, label, step);
INSERT INTO journeys_marketingpause (customer_id, kind, reference, since)
SELECT id, 'complaint', id, '2026-11-01' FROM journeys_customer WHERE id % 501 = 0;
"""

_OTHERS = """
        UNION SELECT other.id FROM journeys_donotcontact refusal
            JOIN journeys_customer own ON own.id = refusal.customer_id
            JOIN journeys_customer other ON other.{column} = own.{column}
        UNION SELECT customer.id FROM journeys_erasedrefusal kept
            JOIN journeys_customer customer ON customer.{column} = kept.value_hash
"""
_BARE = """
SELECT answer, count(*) FROM (
    SELECT CASE WHEN made.customer_id IS NOT NULL THEN 'already'
                WHEN refused.customer_id IS NOT NULL THEN 'do_not_contact'
                WHEN paused.customer_id IS NOT NULL THEN 'complaint_open'
                WHEN NOT coalesce(said.sms OR said.email, false) THEN 'no_consent'
                WHEN NOT (coalesce(said.sms, false) AND customer.phone_sealed IS NOT NULL
                          OR coalesce(said.email, false) AND customer.email_sealed IS NOT NULL)
                    THEN 'no_address'
                WHEN reached.customer_id IS NOT NULL THEN 'cap_reached' ELSE 'open' END AS answer
    FROM journeys_customer customer
    LEFT JOIN (SELECT customer_id FROM journeys_contact WHERE dedup_key = 'new') made
        ON made.customer_id = customer.id
    LEFT JOIN (
        SELECT customer_id FROM journeys_donotcontact
        {others}
    ) refused ON refused.customer_id = customer.id
    LEFT JOIN (SELECT DISTINCT customer_id FROM journeys_marketingpause WHERE until IS NULL) paused
        ON paused.customer_id = customer.id
    LEFT JOIN (
        SELECT customer_id, bool_or(is_granted) FILTER (WHERE channel = 'sms') AS sms,
               bool_or(is_granted) FILTER (WHERE channel = 'email') AS email
        FROM (
            SELECT DISTINCT ON (customer_id, channel) customer_id, channel, is_granted
            FROM journeys_consent WHERE purpose = 'marketing' AND effective_at <= %(at)s
            ORDER BY customer_id, channel, effective_at DESC, is_granted
        ) latest GROUP BY customer_id
    ) said ON said.customer_id = customer.id
    LEFT JOIN (
        SELECT customer_id FROM journeys_contact
        WHERE at > %(at)s - interval '720 hours' AND purpose <> 'service' AND released_at IS NULL
        GROUP BY customer_id
        HAVING count(*) FILTER (WHERE at > %(at)s - interval '24 hours') >= 2 OR count(*) >= 5
    ) reached ON reached.customer_id = customer.id
) answered GROUP BY answer ORDER BY answer
"""
_BARE = _BARE.replace(
    "{others}", "".join(_OTHERS.format(column=column) for column in HASH_OF.values())
)
_EVERYBODY = "SELECT id FROM journeys_customer"


def main(customers: int, *, explain: bool) -> None:
    """This will print the times of both ways, and of the question about one and twenty people."""
    with connection.cursor() as cursor:
        for statement in _BANK.format(customers=customers).split(";\n"):
            if statement.strip():
                cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE")
    if explain:
        _explain()
    assert _ours() == _by_hand(), "the answers differ"
    ours, bare = harness.median_of(RUNS, _ours), harness.median_of(RUNS, _by_hand)
    harness.report(f"gate over {customers} customers in one statement", ours, bare)
    print(", ".join(f"{answer} {count}" for answer, count in _ours().items()))
    harness.promise("the whole bank", ours, 30, " s")
    harness.promise("asked about one", _few(1) * 1000, 10, " ms")
    print(f"asked about twenty: {_few(20) * 1000:.1f} ms")


def _ours() -> dict[str, int]:
    return queries.count_answers(people=_EVERYBODY, **_ASKED)


@transaction.atomic
def _by_hand() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(_BARE, {"at": AT})
        return dict(cursor.fetchall())


def _few(number: int) -> float:
    with connection.cursor() as cursor:
        cursor.execute(f"{_EVERYBODY} ORDER BY mod(id, 1009), id LIMIT %s", [number])
        ids = [row[0] for row in cursor.fetchall()]
    started = time.perf_counter()
    for _round in range(50):
        queries.ask_gate(customer_ids=ids, **_ASKED)
    return (time.perf_counter() - started) / 50


@transaction.atomic
def _explain() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        statement = queries.gate_over(_EVERYBODY)
        cursor.execute(
            f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {statement}", queries.gate_values(**_ASKED)
        )
        print("\n".join(row[0] for row in cursor.fetchall()))


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    size = numbers[0] if numbers else CUSTOMERS
    main(size, explain="--explain" in sys.argv)
    harness.end(is_judged=size >= CUSTOMERS)
