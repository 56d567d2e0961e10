"""How many customers paid at each merchant, counted by month."""

import datetime as dt

from django.db import connection, transaction

from merchants.evidence.rules import months
from portal.audit import operations as audit
from portal.kit.registry import registry

# A year to compare, and a month that came late.
MONTHS = 13
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('merchants.reach', 0))"
# A customer's month at a merchant is one row before it is counted, so that quarters are cheap.
_COUNTED = """
CREATE TEMP TABLE reach_counted ON COMMIT DROP AS
WITH paid AS MATERIALIZED (
    SELECT coalesce(m.merged_into_id, v.merchant_id) AS merchant_id, v.customer_id,
           date_trunc('month', v.day)::date AS month, extract(isodow FROM v.day) > 5 AS is_weekend,
           count(*) AS purchases, sum(v.amount) AS amount
    FROM ({rows}) v JOIN merchants_merchant m ON m.id = v.merchant_id
    WHERE v.day >= %(before)s AND v.day < %(end)s GROUP BY 1, 2, 3, 4
), parts AS (
    SELECT merchant_id, month, CASE WHEN grouping(is_weekend) = 1 THEN 'month'
               WHEN is_weekend THEN 'weekends' ELSE 'workdays' END AS part,
           customer_id, sum(purchases) AS purchases, sum(amount) AS amount
    FROM paid GROUP BY GROUPING SETS
        ((merchant_id, month, customer_id), (merchant_id, month, customer_id, is_weekend))
    UNION ALL
    SELECT merchant_id, last.month, 'quarter', customer_id, sum(purchases), sum(amount)
    FROM paid CROSS JOIN LATERAL (
        SELECT (paid.month + place * interval '1 month')::date AS month
        FROM generate_series(0, 2) AS place) last
    GROUP BY 1, 2, customer_id
)
SELECT merchant_id, month, part, count(*) AS customers, sum(purchases) AS purchases,
       sum(amount) AS amount, max(amount) AS largest
FROM parts WHERE month >= %(first)s AND month < %(end)s GROUP BY merchant_id, month, part
"""
_GONE = """
DELETE FROM merchants_merchantreach held
WHERE month >= %(first)s AND month < %(end)s AND NOT EXISTS (
    SELECT FROM reach_counted c
    WHERE (c.merchant_id, c.month, c.part) = (held.merchant_id, held.month, held.part))
"""
_WRITE = """
INSERT INTO merchants_merchantreach AS held
    (merchant_id, month, part, customers, purchases, amount, largest)
SELECT merchant_id, month, part, customers, purchases, amount, largest FROM reach_counted
ORDER BY merchant_id, month, part
ON CONFLICT (merchant_id, month, part) DO UPDATE
SET (customers, purchases, amount, largest)
    = ROW(excluded.customers, excluded.purchases, excluded.amount, excluded.largest)
WHERE (held.customers, held.purchases, held.amount, held.largest)
    IS DISTINCT FROM (excluded.customers, excluded.purchases, excluded.amount, excluded.largest)
"""


def count_reach(*, on: dt.date, at: dt.datetime, spans: int = MONTHS) -> int:
    """This will count, of the `spans` whole months before a day, how many customers paid at each
    merchant, and what one of them paid at most, and write what differs from what stands; returns
    how many rows did. Without anybody who knows of visits nothing is counted. Twice at once is as
    good as twice after each other."""
    sources = [source.sql for source in registry.visit_sources.values()]
    if not sources:
        return 0
    first, end = months.first_of(on, spans), on.replace(day=1)
    days = {"first": first, "end": end, "before": months.first_of(first, 2)}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        cursor.execute("DROP TABLE IF EXISTS pg_temp.reach_counted")
        cursor.execute(_COUNTED.format(rows=" UNION ALL ".join(sources)), days)
        cursor.execute(_GONE, days)
        changed = cursor.rowcount
        cursor.execute(_WRITE)
        changed += cursor.rowcount
        if changed:
            counts = {"on": str(on), "written": changed}
            audit.record(action="reach.counted", actor=None, at=at, changes=counts)
    return changed
