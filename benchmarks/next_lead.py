"""The next lead: the best one that may be called, beside the bare SKIP LOCKED statement.

    python -m benchmarks.next_lead [LEADS] [--explain]

Ours is `telemarketing.operations.next_lead` and `put_down`: qualification, policy, candidates by
partial index, refusals, control group, hours, calendar and caps, one hold each, committed. 64
people ask at once, in as many threads. A tenth of the phones are refused, a fifth of the leads are
customers' with consent. The bare side knows none of that: it takes the first free row of the same
table by the same index with SKIP LOCKED, writes who has it, and puts it down again. Both are
checked: nobody is given what another has, and ours nothing that is refused. The load of the
machine stands beside the figures. The promise: p95 under 50 ms at 1,000,000 leads.
"""

import datetime as dt
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable

from benchmarks import harness

harness.boot(max_connections="120")

from django.db import connection, transaction  # noqa: E402  (settings come first)

from journeys.telemarketing import operations, queries  # noqa: E402
from journeys.telemarketing.models import Lead  # noqa: E402
from portal.models import Staff  # noqa: E402

LEADS, CALLERS, TURNS, RUNS = 1_000_000, 64, 10, 3
AT = dt.datetime(2026, 11, 26, 4, 0, tzinfo=dt.UTC)
_BANK = """
INSERT INTO portal_branch (code, name, name_en, level, path, division_code, is_active)
VALUES ('HO', '总行', 'Head office', 'head_office', '/HO/', '110101', true);
INSERT INTO portal_branch (code, name, name_en, level, path, division_code, is_active, parent_id)
SELECT 'B' || n, '支行', 'Branch', 'branch', '/HO/B' || n || '/', '110101', true,
       (SELECT id FROM portal_branch) FROM generate_series(1, 8) n;
INSERT INTO journeys_contactrule (effective_date, day_cap, month_cap, source)
VALUES ('2020-01-01', 2, 5, 'bench');
INSERT INTO journeys_contacthours (effective_date, channel, division_prefix, day_kind, opens,
    closes, is_overnight, is_lifted, source)
SELECT '2020-01-01', 'phone', '', kind, '09:00', '20:00', false, false, 'bench'
FROM unnest(ARRAY['workday', 'rest']) kind;
INSERT INTO journeys_consenttext (code, version, purpose, words, words_en, effective_date)
VALUES ('bench', 1, 'marketing', 'x', 'x', '2020-01-01');
INSERT INTO portal_staff (password, username, staff_number, name, name_en, email, role, branch_id,
    language, is_active)
SELECT 'x', 'caller' || n, 'S' || n, '李', '', '', 'telemarketer',
    (SELECT id FROM portal_branch WHERE code = 'B' || (1 + n %% 8)), 'zh-hans', true
FROM generate_series(1, %(callers)s) n;
INSERT INTO merchants_staffqualification (staff_id, kind, first_date, last_date, source,
    recorded_at, withdrawn_why)
SELECT id, 'cards', '2026-01-01', '2026-12-31', 'bench', now(), '' FROM portal_staff;
INSERT INTO journeys_customer (number, kind, name, name_pinyin, branch_id, language,
    division_code, registered_date, source, lawful_basis, phone_masked, id_number_masked,
    email_masked, phone_sealed, phone_index, callee)
SELECT 'C' || n, 'person', '王小明', 'wang xiao ming',
    (SELECT id FROM portal_branch WHERE code = 'B' || (1 + n %% 8)), 'zh-hans', '110101',
    '2025-01-01', 'file', 'contract', '', '', '', 'x', sha256(n::text::bytea),
    substring(sha256(n::text::bytea) FOR 16)
FROM generate_series(1, %(leads)s, 5) n;
INSERT INTO journeys_consent (customer_id, purpose, channel, is_granted, text_id, evidence,
    effective_at, recorded_at, reference)
SELECT id, 'marketing', 'phone', true, (SELECT id FROM journeys_consenttext), 'x',
    '2026-01-01', '2026-01-01', NULL FROM journeys_customer;
INSERT INTO journeys_lead (number, kind, name, company, phone_sealed, phone_index, phone_masked,
    callee, source, lawful_basis, branch_id, state, customer_id, created_at, priority)
SELECT 'L' || n, 'person', '李明', '', 'x', sha256(n::text::bytea), '',
    substring(sha256(n::text::bytea) FOR 16), 'registry', 'public_data',
    (SELECT id FROM portal_branch WHERE code = 'B' || (1 + n %% 8)), 'new', customer.id,
    '2026-01-01'::timestamptz + n * interval '20 seconds', n * 7919 %% 101
FROM generate_series(1, %(leads)s) n LEFT JOIN journeys_customer customer
    ON customer.number = 'C' || n;
INSERT INTO journeys_erasedrefusal (kind, value_hash, refused_date)
SELECT 'phone', substring(sha256(n::text::bytea) FOR 16), '2026-01-01'
FROM generate_series(1, %(leads)s, 10) n;
"""
_BARE = """
UPDATE journeys_lead SET holder_id = %(who)s, held_until = %(at)s WHERE id = (
    SELECT id FROM journeys_lead WHERE branch_id = %(branch)s AND owner_id IS NULL
      AND state = 'new' AND holder_id IS NULL
    ORDER BY priority DESC, attempts, created_at DESC LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
_BARE_DOWN = "UPDATE journeys_lead SET holder_id = NULL, held_until = NULL WHERE id = %s"
Take = Callable[[Staff], int]


def main(leads: int, *, explains: bool) -> None:
    """This will print p95 and rate of both ways, medians of several runs."""
    with connection.cursor() as cursor:
        cursor.execute(_BANK, {"leads": leads, "callers": CALLERS})
        cursor.execute("VACUUM ANALYZE")
    people = list(Staff.objects.select_related("branch").order_by("pk"))
    if explains:
        _explain(people[0])
    found: dict[str, list[tuple[float, float]]] = {"ours": [], "bare": []}
    for _run in range(RUNS):
        print("load of the machine:", *(f"{one:.1f}" for one in os.getloadavg()), flush=True)
        found["ours"].append(_all_ask(people, _ours, _put_down))
        found["bare"].append(_all_ask(people, _bare, _bare_down))
    for name, runs in found.items():
        p95, rate = (harness.median([one[part] for one in runs]) for part in (0, 1))
        print(f"next lead of {leads}, {CALLERS} at once, {name}: p95 {p95 * 1000:.1f} ms,"
              f" {rate:.0f} leads/s")  # fmt: skip
    ours, bare = (harness.median([one[0] for one in found[name]]) for name in ("ours", "bare"))
    harness.report(f"next lead of {leads}, p95", ours, bare)


def _all_ask(
    people: list[Staff], take: Take, down: Callable[[Staff, int], None]
) -> tuple[float, float]:
    """All ask together, some turns each; between them nobody has what another has."""
    times: list[float] = []
    in_hand = Counter[int]()
    faults: list[str] = []
    lock, barrier = threading.Lock(), threading.Barrier(len(people))

    def work(person: Staff) -> None:
        try:
            barrier.wait()
            for _turn in range(TURNS):
                begun = time.perf_counter()
                lead_id = take(person)
                passed = time.perf_counter() - begun
                with lock:
                    times.append(passed)
                    in_hand[lead_id] += 1
                    if in_hand[lead_id] > 1:
                        faults.append(f"two have {lead_id}")
                with lock:
                    in_hand[lead_id] -= 1
                down(person, lead_id)
        finally:
            connection.close()

    begun = time.perf_counter()
    threads = [threading.Thread(target=work, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == [], faults
    assert len(times) == len(people) * TURNS
    times.sort()
    return times[int(len(times) * 0.95)], len(times) / (time.perf_counter() - begun)


def _ours(person: Staff) -> int:
    return operations.next_lead(caller=person, at=AT).lead_id


def _put_down(person: Staff, lead_id: int) -> None:
    assert queries.callable_among([lead_id], at=AT) == {lead_id}
    operations.put_down(caller_id=person.pk, at=AT)


def _bare(person: Staff) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_BARE, {"who": person.pk, "at": AT, "branch": person.branch_id})
        return int(cursor.fetchone()[0])


def _bare_down(_person: Staff, lead_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_BARE_DOWN, [lead_id])


def _explain(person: Staff) -> None:
    """Print how the candidates of a pool are found."""
    policies = queries.policies_in_force(queries.branches_of(person), on=AT.date())
    for rows in queries.sources(caller=person, policies=policies, at=AT, tried=[]):
        print(rows.explain(analyze=True, buffers=True)[:6000], "\n")
    print(Lead.objects.count())


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(numbers[0] if numbers else LEADS, explains="--explain" in sys.argv)
