"""The funnel from its counts, beside a recount of all stages; and what keeping the counts costs.

    python -m benchmarks.funnel [CUSTOMERS]

A bank of 200 branches, 5 products and 36 months of entry. Both sides end with the same funnels,
medians included: they are compared. The promise is 0.1 s for the whole bank, by branch, by product
and by month. What is written is timed with the triggers and without them.
"""

import sys

from benchmarks import harness

harness.boot()

from django.db import connection, transaction  # noqa: E402  (settings come first)

from journeys.stages import queries, rules  # noqa: E402
from portal.staff.access import Scope  # noqa: E402

CUSTOMERS = 1_000_000
SLOWEST = 0.1  # seconds, the whole bank
RUNS = 5
WHOLE = Scope(branch_path="")
KEYS = {
    "branch": "b.code", "product": "coalesce(p.code, '')",
    "month": "to_char(r.awareness_date, 'YYYY-MM')",
}  # fmt: skip

_BANK = """
    INSERT INTO portal_branch (code, name, name_en, level, path, division_code, is_active)
    VALUES ('HO', '总行', 'Head office', 'head_office', '/HO/', '', true);
    INSERT INTO portal_branch (code, name, name_en, level, parent_id, path, division_code,
        is_active)
    SELECT 'B' || n, 'b', 'b', 'branch', head.id, '/HO/B' || n || '/', '', true
    FROM generate_series(1, 200) n, portal_branch head;
    INSERT INTO journeys_cardproduct (code, name, name_en, issuer, is_own, annual_fee, is_active)
    SELECT 'P' || n, 'p', 'p', '本行', true, 0, true FROM generate_series(1, 5) n;
    INSERT INTO journeys_customer (number, kind, name, name_pinyin, branch_id, language,
        division_code, registered_date, source, lawful_basis, phone_masked, id_number_masked,
        email_masked)
    SELECT 'C' || n, 'person', 'c', 'c',
        (SELECT min(id) FROM portal_branch) + 1 + (hashint8(n) & 2147483647) %% 200, 'zh-hans',
        '', date '2023-11-01' + (hashint8(n + 1) & 2147483647) %% 1090, 'file', 'contract', '',
        '', ''
    FROM generate_series(1, %s) n;
    ANALYZE;
"""
# How far each came, and in how many days, out of a hash of the customer; a third of the cards has
# no application on file.
_STAGES = """
    INSERT INTO journeys_customerstage (customer_id, branch_id, product_id, stage, step,
        since_date, awareness_date, application_date, issued_date, activated_date, used_date,
        loyalty_date, undated)
    SELECT id, branch_id, CASE WHEN far > 0 THEN first_product + h %% 5 END,
        (ARRAY['awareness', 'application', 'application', 'application', 'activation',
               'activation', 'activation', 'loyalty'])[far + 1],
        (ARRAY['registered', 'filed', 'approved', 'ended', 'issued', 'activated', 'used',
               'redeemed'])[far + 1],
        d0, d0, CASE WHEN far >= 1 THEN d1 END, CASE WHEN far >= 4 THEN d2 END,
        CASE WHEN far >= 5 THEN d3 END, CASE WHEN far >= 6 THEN d4 END,
        CASE WHEN far >= 7 THEN d4 + (h >> 4) %% 300 END,
        CASE WHEN far >= 4 AND h %% 3 = 0 THEN 2 ELSE 0 END
    FROM (
        SELECT id, branch_id, h, registered_date AS d0, registered_date + h %% 60 AS d1,
            registered_date + h %% 60 + (h >> 5) %% 22 AS d2,
            registered_date + h %% 60 + (h >> 5) %% 22 + (h >> 7) %% 40 AS d3,
            registered_date + h %% 60 + (h >> 5) %% 22 + (h >> 7) %% 40 + (h >> 9) %% 60 AS d4,
            (ARRAY[0, 1, 2, 3, 4, 4, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7])[1 + (h >> 12) %% 16] AS far,
            first_product
        FROM (
            SELECT *, hashint8(id) & 2147483647 AS h,
                (SELECT min(id) FROM journeys_cardproduct) AS first_product
            FROM journeys_customer
        ) AS hashed
    ) AS drawn
"""
_RECOUNT = f"""
    SELECT key, step, array_agg(days ORDER BY days), array_agg(customers ORDER BY days) FROM (
        SELECT {{key}} AS key, leg.step, leg.days, count(*) AS customers
        FROM journeys_customerstage r JOIN portal_branch b ON b.id = r.branch_id
        LEFT JOIN journeys_cardproduct p ON p.id = r.product_id {rules.LEGS}
        WHERE leg.is_reached GROUP BY 1, 2, 3
    ) AS counted GROUP BY key, step
"""
# 100,000 customers who used their card take a day longer: each of their counts moves.
_LATER = """
    UPDATE journeys_customerstage SET used_date = used_date + 1, since_date = used_date + 1
    WHERE step = 'used' AND customer_id <= %s
"""


def main(customers: int) -> dict[str, float]:
    """This will print all times and return the seconds of the funnels by their breakdown."""
    _do(_BANK, customers)
    print(f"{customers:,} customers", flush=True)
    bare, ours = _written(_STAGES), _written(_STAGES, is_counted=True)
    harness.report("all stages written, counted and uncounted", ours, bare)
    _do("VACUUM ANALYZE journeys_customerstage, journeys_stagecount")
    found = {by: _funnel(by) for by in KEYS}
    some = min(customers, 400_000)
    bare, ours = _written(_LATER, some), _written(_LATER, some, is_counted=True)
    harness.report("a file that moves a tenth of the stages, counted and uncounted", ours, bare)
    return found


def _funnel(by: str) -> float:
    def ours() -> object:
        return queries.funnels(scope=WHOLE, wanted=queries.Wanted(), by=by)

    def bare() -> object:
        with connection.cursor() as cursor:
            cursor.execute(_RECOUNT.format(key=KEYS[by]))
            counts = cursor.fetchall()
        whole = rules.funnels_of(("", *count[1:]) for count in counts)
        return whole[0], rules.funnels_of(counts)

    assert ours() == bare(), f"the funnel by {by} is not what a recount says"
    seconds = harness.median_of(RUNS, ours)
    harness.report(f"funnel by {by} against a recount", seconds, harness.median_of(1, bare))
    harness.promise(f"funnel by {by}", seconds, SLOWEST, " s")
    return seconds


def _do(statement: str, *values: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def _written(statement: str, *values: int, is_counted: bool = False) -> float:
    """The seconds that a statement takes, with or without the triggers that count; without them
    nothing of it is kept."""

    def write() -> None:
        with transaction.atomic():
            if not is_counted:
                _do("ALTER TABLE journeys_customerstage DISABLE TRIGGER USER")
            _do(statement.replace("%%", "%") if not values else statement, *values)
            transaction.set_rollback(not is_counted)

    return harness.median_of(1, write)


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else CUSTOMERS
    main(size)
    harness.end(is_judged=size >= CUSTOMERS)
