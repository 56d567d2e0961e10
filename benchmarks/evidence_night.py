"""The night's evidence: all merchants, 24 months of days, who paid there, and joint campaigns,
beside one bare sum of the same days.

    python -m benchmarks.evidence_night [MERCHANTS]

Every merchant has an open partnership. Ours is what the tasks of the night do: customers counted by
merchant and month, what joint campaigns brought about counted by their control groups, the weeks
read, all merchants judged, evidence and weeks written, suggestions that nobody answered expired,
and moves suggested to the managers by all kinds of evidence; then the same again with nothing new.
Bare: one statement that sums the
same days by merchant and week and keeps nothing. Then the two readings for a bank whose turnover
comes as a file. The promise: 10,000 merchants in under 30 seconds on two cores; where that size
breaks it, the benchmark fails.
"""

import datetime as dt
import sys
import time
from collections import Counter

from benchmarks import harness

harness.boot()

from django.db import connection  # noqa: E402  (settings come first)

from benchmarks.bank.rows import insert  # noqa: E402
from benchmarks.turnover import led, visits  # noqa: E402
from campaigns.partners import operations as partners  # noqa: E402
from merchants.evidence import operations  # noqa: E402
from merchants.evidence.queries import turnover  # noqa: E402
from merchants.evidence.rules import weeks  # noqa: E402
from merchants.models import Merchant  # noqa: E402
from merchants.partnerships import operations as partnerships  # noqa: E402

MERCHANTS, PROMISED, RUNS = 10_000, 30, 3
END = dt.date(2026, 6, 1)
AT = dt.datetime(2026, 6, 1, 2, tzinfo=dt.UTC)
_HOUSE = """
INSERT INTO merchants_merchantcategory (mcc, name, name_en, scenario)
SELECT lpad((5000 + n)::text, 4, '0'), 'x', 'x', (ARRAY['dining', 'groceries', 'travel', 'car',
       'health', 'education', 'online', 'other'])[1 + n % 8]
FROM generate_series(1, 60) n;
INSERT INTO portal_branch (code, name, name_en, level, path, division_code, is_active)
VALUES ('HO', 'x', 'x', 'head_office', '/HO/', '', TRUE);
"""
_PARTNER = {
    "number": "'M' || n", "name": "'x'", "name_en": "'x'", "name_pinyin": "'x'",
    "category_id": "lpad((5001 + n % 60)::text, 4, '0')",
    "branch_id": "(SELECT id FROM portal_branch WHERE code = 'HO')", "is_partner": "TRUE",
}  # fmt: skip
# Many sizes, a season, weekends; every nineteenth falls in the last months, so that no category
# falls as a whole (which would be taken for the market).
_DAYS = """
INSERT INTO journeys_merchantday (merchant_id, day, amount, purchases, refunds)
SELECT id, day, round((size * (1 + 0.3 * sin(extract(doy FROM day) / 58.1))
       * CASE WHEN extract(isodow FROM day) > 5 THEN 1.4 ELSE 1 END
       * CASE WHEN id % 19 = 0 AND day >= date '{fall}' THEN 0.6 ELSE 1 END
       * (0.6 + 0.8 * random()))::numeric, 2), 3 + (size / 100)::int, 0
FROM (SELECT id, 200 * exp(3 * random()) AS size FROM merchants_merchant) sized
CROSS JOIN generate_series(date '{first}', date '{last}', interval '1 day') AS d(at)
CROSS JOIN LATERAL (SELECT d.at::date AS day) days
ORDER BY day, id
"""
_TO_FILE = """
INSERT INTO merchants_merchantturnover (merchant, merchant_id, day, amount, purchases)
SELECT m.number, d.merchant_id, d.day, d.amount, d.purchases
FROM journeys_merchantday d JOIN merchants_merchant m ON m.id = d.merchant_id ORDER BY d.id;
TRUNCATE journeys_merchantday;
"""
_BARE = """
SELECT count(*), sum(amount) FROM (
    SELECT merchant_id, (day - date '{first}') / 7 AS week, sum(amount) AS amount,
           sum(purchases + refunds) AS postings
    FROM journeys_merchantday WHERE day >= date '{first}' AND day < date '{end}' GROUP BY 1, 2
) AS weeks
"""


def main(merchants: int) -> None:
    """This will print what a night takes, and what it is made of."""
    first = weeks.first_monday(END)
    span = {"first": first, "last": END - dt.timedelta(days=1), "end": END,
            "fall": END - dt.timedelta(weeks=14)}  # fmt: skip
    lay_partners(merchants, span)
    led.lead_all(merchants=merchants, on=END)
    paid = visits.lay_visits(merchants, END)
    visits.lay_campaigns(END)
    visits.lay_notes(END)
    print(f"{paid:,} postings of customers, {visits.CAMPAIGNS} joint campaigns")
    bare = harness.median_of(RUNS, lambda: _run(_BARE.format(**span)))
    reading = harness.median_of(RUNS, lambda: turnover.known_weeks(END))
    before = harness.megabytes()
    whole = _night()
    again = _night()
    print(f"reading {reading:.2f} s; a night {whole:.2f} s; again, with nothing new {again:.2f} s")
    harness.report(f"evidence and suggestions of {merchants} merchants", whole, bare)
    harness.report_memory(before)
    harness.promise("the night's evidence and suggestions", whole, PROMISED, " s")
    _explain(first)
    _run(_TO_FILE)
    _run("ANALYZE")
    told = harness.median_of(RUNS, lambda: turnover.known_weeks(END))
    print(f"reading the same from a file's rows: {told:.2f} s")


def lay_partners(merchants: int, span: dict[str, dt.date]) -> None:
    """This will write partners and their days, from `first` to `last` of a span; some of them
    decline from `fall` on."""
    _run(_HOUSE)
    with connection.cursor() as cursor:
        insert(cursor, Merchant, _PARTNER, f"FROM generate_series(1, {merchants}) n")
    _run(_DAYS.format(**span))
    _run("ANALYZE")


def _night() -> float:
    started = time.perf_counter()
    reached = operations.count_reach(on=END, at=AT)
    returned = partners.count_returns(on=END, at=AT)
    counted = time.perf_counter() - started
    done = operations.evaluate_turnover(on=END, at=AT)
    judged = time.perf_counter() - started - counted
    partnerships.expire_suggestions(on=END, at=AT)
    proposed = Counter(str(one.outcome) for one in partnerships.suggest_from_evidence(on=END))
    taken = time.perf_counter() - started
    print(f"{reached} rows of customers and {returned} of returns counted in {counted:.2f} s")
    rest = taken - counted - judged
    print(f"{done}; judged in {judged:.2f} s, suggested in {rest:.2f} s: {proposed}")
    return taken


def _explain(first: dt.date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"EXPLAIN (ANALYZE, BUFFERS OFF) {turnover.weekly_sql(first, END, with_file=False)}"
        )
        print("\n".join(line for (line,) in cursor.fetchall()))


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    size = numbers[0] if numbers else MERCHANTS
    main(size)
    harness.end(is_judged=size >= MERCHANTS)
