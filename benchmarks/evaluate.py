"""The evaluation of the known case, beside the same rule as hand-written SQL.

    python -m benchmarks.evaluate [CUSTOMERS] [--explain]

Two pairs, each of them in the same run. Counting: our preview, chunk by chunk, beside one statement
that examines the cheap conditions first and reads the sums from the covering index, with as many
parallel workers as PostgreSQL gives it; the chunks are shared by two workers of ours, as those of
any run are. Writing: our decisions, facts and tiers included, beside
one INSERT .. SELECT of the same rows, with all keys and indexes, up to the commit; that both decide
alike is checked. What settling adds (control group, rewards, contact gate, in a dry run) is told
apart. `--full` takes the big bank: a million customers, twenty million transactions. The promises:
ratios of 1.5, and memory that does not grow with the customers: a worker that begins anew works off
a dry run, and fails where it takes more than MOST_GROWN after its first chunk.

What EXPLAIN (ANALYZE, BUFFERS) of a chunk showed at 200,000 customers and 4 million transactions
stands in docs/decisions/0030-conditions-as-sql.md.
"""

import datetime as dt
import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import yaml

from benchmarks import harness

harness.boot()

from django.db import connection, transaction  # noqa: E402  (settings come first)
from django.db.models import Max  # noqa: E402

from campaigns.eligibility import operations as eligibility  # noqa: E402
from campaigns.eligibility import queries  # noqa: E402
from campaigns.eligibility.operations import settling, working  # noqa: E402
from campaigns.models import CampaignVersion, Run  # noqa: E402
from campaigns.planning import operations as planning  # noqa: E402
from campaigns.planning.rules import plans  # noqa: E402
from journeys.models import Card  # noqa: E402
from journeys.outreach import operations as outreach  # noqa: E402
from portal.kit import clock  # noqa: E402
from portal.models import Branch, Staff  # noqa: E402

CUSTOMERS = 20_000
RUNS = 5
WORKERS = 2
MOST_GROWN = 16.0  # MB: some chunks find a few more people than the first one did
ON = dt.date(2026, 8, 31)
PLAN = """
code: bench
name: bench
name_en: bench
objective: activate
stage: activation
era: "2.0"
products: [GOLD]
issued_from: 2026-01-01
issued_to: 2026-08-01
rule:
  all:
    - {kind: issued_within, days: 20}
    - {kind: activated}
    - {kind: first_used}
    - {kind: spending_in_window, days: 65, last_day: inside, at_least: 500.00}
rewards: {tiers: [{code: gift, kind: gift, name: gift, name_en: gift, value: 10.00}]}
channels: [sms, email]
template: first_gift
"""

# Two of three customers hold a card of the campaign; 20 transactions a card over eight months.
_BANK = """
INSERT INTO portal_branch (code, name, name_en, level, path, division_code, is_active)
VALUES ('HO', '总行', 'Head office', 'head_office', '/HO/', '', true);
INSERT INTO journeys_cardproduct (code, name, name_en, issuer, is_own, annual_fee, is_active)
VALUES ('GOLD', '金卡', 'Gold card', '本行', true, 0, true);
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
INSERT INTO journeys_customer (number, kind, name, name_pinyin, branch_id, language,
    division_code, registered_date, source, lawful_basis, phone_masked, id_number_masked,
    email_masked, phone_sealed, phone_index, callee)
SELECT 'C' || n, 'person', 'c', 'c', (SELECT id FROM portal_branch), 'zh-hans', '', '2025-01-01',
    'file', 'contract', '', '', '', '\\x01', '\\x01', substring(sha256(n::text::bytea), 1, 16)
FROM generate_series(1, {customers}) n;
INSERT INTO journeys_consent (customer_id, purpose, channel, is_granted, text_id, evidence,
    effective_at, recorded_at)
SELECT id, 'marketing', 'sms', id % 10 < 7,
    CASE WHEN id % 10 < 7 THEN (SELECT id FROM journeys_consenttext) END, 'bench', '2026-01-01',
    '2026-01-01'
FROM journeys_customer;
INSERT INTO journeys_application (number, customer_id, product_id, branch_id, filed_date, state,
    decided_date, is_fast_track)
SELECT 'A' || number, id, (SELECT id FROM journeys_cardproduct), branch_id,
    date '2025-10-20' + (id * 7919 % 280)::int, 'approved', '2026-12-01', false
FROM journeys_customer;
INSERT INTO journeys_card (reference, masked_number, customer_id, application_id, product_id,
    branch_id, is_primary, issued_date, activated_date, first_used_date)
SELECT 'K' || number, '622588******0001', customer_id, id, product_id, branch_id, true,
    filed_date + 5 + (id * 31 % 20)::int,
    CASE WHEN id % 9 > 0 THEN filed_date + 30 END, CASE WHEN id % 9 > 1 THEN filed_date + 31 END
FROM journeys_application;
INSERT INTO journeys_transaction (reference, customer_id, card_id, kind, amount, posted_date, mcc,
    channel, division_code, refund_of)
SELECT 'T' || card.id || '-' || n, card.customer_id, card.id, 'purchase',
    1 + (card.id * 13 + n * 17) % 180, card.issued_date + (n * 12 + card.id % 12)::int, '', '', '',
    '' FROM journeys_card card CROSS JOIN generate_series(0, 19) n WHERE card.id % 9 > 1
ORDER BY n, card.id;
"""

_BY_HAND = """
INSERT INTO campaigns_decision
    (run_id, customer_id, card_id, outcome, failed_at, facts, reached, award, gate, channel,
     issued_date, filed_date, activated_date, gap, deadline)
SELECT {run_id}, customer_id, card_id,
    CASE WHEN card_id IS NULL THEN 'no_card' WHEN failed_at IS NULL THEN 'qualified'
         ELSE 'not_qualified' END,
    failed_at,
    CASE WHEN card_id IS NULL THEN '[]' ELSE jsonb_build_array(
        jsonb_build_array(coalesce(waited <= 20, false), waited),
        jsonb_build_array(activated IS NOT NULL, activated),
        jsonb_build_array(used IS NOT NULL, used),
        jsonb_build_array(spent >= 500, spent::text)) END,
    CASE WHEN card_id IS NOT NULL AND failed_at IS NULL THEN '{{0}}'::smallint[] ELSE '{{}}' END,
    '', '', '', issued_date, filed_date, activated_date,
    CASE WHEN failed_at = 3 AND issued_date + 65 > date '{on}' THEN 500 - spent END,
    CASE WHEN failed_at = 3 AND issued_date + 65 > date '{on}' THEN issued_date + 65 END
FROM (
    SELECT *, CASE WHEN card_id IS NULL THEN NULL
                   WHEN NOT coalesce(waited <= 20, false) THEN 0 WHEN activated IS NULL THEN 1
                   WHEN used IS NULL THEN 2 WHEN spent < 500 THEN 3 END AS failed_at
    FROM (
        SELECT customer.id AS customer_id, card.id AS card_id, card.issued_date, filed_date,
            activated_date, card.issued_date - filed_date AS waited,
            CASE WHEN activated_date <= date '{on}' THEN activated_date END AS activated,
            CASE WHEN first_used_date <= date '{on}' THEN first_used_date END AS used,
            CASE WHEN card.issued_date - filed_date <= 20 AND activated_date <= date '{on}'
                      AND first_used_date <= date '{on}'
                 THEN coalesce((
                     SELECT sum(amount) FROM journeys_transaction posted
                     WHERE posted.card_id = card.id AND posted_date >= card.issued_date
                       AND posted_date < card.issued_date + 66 AND posted_date <= date '{on}'
                 ), 0.00) END AS spent
        FROM journeys_customer customer
        LEFT JOIN (
            SELECT DISTINCT ON (customer_id) *
            FROM journeys_card WHERE is_primary AND issued_date >= date '{first}'
              AND issued_date < date '{end}' AND issued_date <= date '{on}'
              AND (closed_date IS NULL OR closed_date > date '{on}')
              AND product_id IN (SELECT id FROM journeys_cardproduct WHERE code = ANY({products}))
            ORDER BY customer_id, issued_date, id
        ) card ON card.customer_id = customer.id
        LEFT JOIN journeys_application application ON application.id = card.application_id
        OFFSET 0
    ) found
    OFFSET 0
) judged
ORDER BY customer_id
"""


_COUNT_BY_HAND = """
SELECT count(*) FROM (
    SELECT DISTINCT ON (card.customer_id) card.*
    FROM journeys_card card WHERE is_primary AND issued_date >= date '{first}'
      AND issued_date < date '{end}' AND issued_date <= date '{on}'
      AND (closed_date IS NULL OR closed_date > date '{on}')
      AND product_id IN (SELECT id FROM journeys_cardproduct WHERE code = ANY({products}))
    ORDER BY customer_id, issued_date, id
) card JOIN journeys_application application ON application.id = card.application_id
WHERE card.issued_date - application.filed_date <= 20 AND card.activated_date <= date '{on}'
  AND card.first_used_date <= date '{on}' AND (
    SELECT sum(amount) FROM journeys_transaction posted
    WHERE posted.card_id = card.id AND posted_date >= card.issued_date
      AND posted_date < card.issued_date + 66 AND posted_date <= date '{on}') >= 500
"""
_PRODUCTS = ["GOLD", "PLAT", "YOUNG", "CAR"]


def main(customers: int, *, explain: bool) -> None:
    """This will print the times of both ways, and that they decide alike."""
    version, on = prepare(customers)
    if explain:
        _explain(version, on)
    runs = 3 if harness.is_full() else RUNS
    frame = frame_of(version, on)
    counted: list[int] = []
    with ThreadPoolExecutor(WORKERS) as workers:
        ours = harness.median_of(runs, lambda: _preview(version, on, workers))
        barrier = threading.Barrier(WORKERS)
        for done in [workers.submit(_hang_up, barrier) for _number in range(WORKERS)]:
            done.result()
    bare = harness.median_of(runs, lambda: counted.append(count_by_hand(frame)))
    figures = queries.figures_of(Run.objects.order_by("-id")[0])
    assert counted[-1] == figures.qualified > 0, (counted[-1], figures.qualified)
    harness.report(f"count {figures.customers} customers ({figures.qualified} qualify)", ours, bare,
                   1.5)  # fmt: skip
    found: list[tuple[float, float, int]] = []
    bare = harness.median_of(runs, lambda: by_hand(version, on, frame), _forget)
    theirs = Run.objects.order_by("-id")[0].pk
    found = [_dry_run(version, on, theirs) for _number in range(runs)]
    ours = harness.median([seconds for seconds, _settled, _run in found])
    _same(found[-1][2], theirs)
    harness.report("decide and write down, facts included", ours, bare, 1.5)
    settled = harness.median([seconds for _decided, seconds, _run in found])
    print(f"settling (control group, rewards, contact gate): {settled:.3f} s more")
    _forget()
    harness.check_flat("memory of a worker", memory_by_chunk(version, on), MOST_GROWN)


def prepare(customers: int) -> tuple[CampaignVersion, dt.date]:
    """This will fill a bank and return the known case, and the day to look at it."""
    plan = yaml.safe_load(PLAN)
    on = ON
    if harness.is_full():
        harness.load_bank(customers=1_000_000, transactions=20_000_000)
        on = Card.objects.aggregate(last=Max("issued_date"))["last"]
        plan |= span_of(on)
    else:
        with connection.cursor() as cursor:
            cursor.execute(_BANK.format(customers=customers))
            cursor.execute("VACUUM ANALYZE")
    return campaign(plan), on


def span_of(on: dt.date) -> dict[str, Any]:
    """This will return the cards that a plan is about in a big bank: those of three years."""
    return {
        "products": _PRODUCTS,
        "issued_from": on - dt.timedelta(days=1080),
        "issued_to": on + dt.timedelta(days=1),
    }


def campaign(plan: dict[str, Any]) -> CampaignVersion:
    """This will make a draft of a plan."""
    owner, _made = Staff.objects.get_or_create(
        username="bench", staff_number="1", name="bench", role="campaign_manager",
        branch=Branch.objects.filter(parent=None).get(),
    )  # fmt: skip
    outreach.ensure_default_templates(at=clock.now())
    return planning.load_campaign(text=yaml.safe_dump(plan), owner=owner, at=clock.now())


def frame_of(version: CampaignVersion, on: dt.date) -> dict[str, Any]:
    """This will return what the hand-written statements take of a version."""
    plan = plans.plan_of(version.content)
    products = "ARRAY[" + ", ".join(f"'{code}'" for code in plan.products) + "]"
    return {
        "on": on, "first": plan.issued_from, "end": plan.issued_to, "products": products,
    }  # fmt: skip


def _start(version: CampaignVersion, on: dt.date, kind: str) -> Run:
    return eligibility.start_run(
        version_id=version.pk, kind=kind, on=on, started_by=None, at=clock.now()
    )


def _preview(version: CampaignVersion, on: dt.date, workers: ThreadPoolExecutor) -> None:
    """Workers take the chunks as they do from the queue, each on a connection that stays open."""
    run = _start(version, on, "preview")
    for done in [workers.submit(_work, chunk_id) for chunk_id in queries.chunks_to_do(run.pk)]:
        done.result()


def _work(chunk_id: int) -> None:
    eligibility.work_chunk(chunk_id=chunk_id, now=clock.now)


def _hang_up(barrier: threading.Barrier) -> None:
    connection.close()
    barrier.wait(30)  # each worker once


def _dry_run(version: CampaignVersion, on: dt.date, theirs: int) -> tuple[float, float, int]:
    """Seconds of deciding and of settling, and the run."""
    _forget(theirs)
    run = _start(version, on, "dry_run")
    started = time.perf_counter()
    for chunk_id in queries.chunks_to_do(run.pk):
        working.decide_chunk(chunk_id, clock.now)
    decided = time.perf_counter()
    settling.settle_run(run.pk, clock.now)
    return decided - started, time.perf_counter() - decided, run.pk


def memory_by_chunk(version: CampaignVersion, on: dt.date) -> list[float]:
    """This will have a process of its own work off a dry run, and return the most memory (MB) that
    it took so far at the end of each chunk."""
    run = _start(version, on, "dry_run")
    with harness.start("benchmarks.crowds.runs", run.pk) as worker:
        return [float(each) for each in json.loads(harness.line_of(worker))]


def _forget(kept: int = 0) -> None:
    """Decisions of earlier runs are dropped but for those of one, so that each run finds tables and
    indexes alike."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM campaigns_decision WHERE run_id <> %s", [kept])
        cursor.execute("VACUUM campaigns_decision")


def count_by_hand(frame: dict[str, Any]) -> int:
    """This will count who meets the known case, by the fastest statement there is."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_BY_HAND.format(**frame))
        return int(cursor.fetchone()[0])


def by_hand(version: CampaignVersion, on: dt.date, frame: dict[str, Any]) -> None:
    """This will write the decisions of a dry run by the hand-written statement."""
    with transaction.atomic():
        run = Run.objects.create(
            version=version, kind="dry_run", on_date=on, started_at=clock.now()
        )
        with connection.cursor() as cursor:
            cursor.execute(_BY_HAND.format(run_id=run.pk, **frame))


def _same(ours: int, bare: int) -> None:
    """Both ways give each customer the same card, outcome, failure and facts."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM campaigns_decision a
               FULL JOIN campaigns_decision b ON b.run_id = %s AND b.customer_id = a.customer_id
               WHERE a.run_id = %s AND (a.card_id, a.outcome, a.failed_at, a.facts)
                   IS DISTINCT FROM (b.card_id, b.outcome, b.failed_at, b.facts)""",
            [bare, ours],
        )
        different = cursor.fetchone()[0]
    assert different == 0, f"{different} decisions differ"


def _explain(version: CampaignVersion, on: dt.date) -> None:
    plan = plans.plan_of(version.content)
    found = queries.statement_of(plan)
    spans = queries.customer_spans()
    first, end = spans[len(spans) // 2]
    values = found.parameters | queries.frame_of(plan)
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN (ANALYZE, BUFFERS) " + found.sql,
            values | {"first": first, "end": end, "on": on},
        )
        print("\n".join(row[0] for row in cursor.fetchall()))


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(numbers[0] if numbers else CUSTOMERS, explain="--explain" in sys.argv)
    harness.end(is_judged=harness.is_full())
