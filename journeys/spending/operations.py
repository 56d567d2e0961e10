"""Counting the merchants' days anew."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction

from portal.audit import operations as audit

_COUNTED = """
    SELECT merchant_id, posted_date AS day,
        count(*) FILTER (WHERE kind = 'purchase') AS purchases,
        count(*) FILTER (WHERE kind = 'refund') AS refunds, sum(amount) AS amount
    FROM journeys_transaction WHERE merchant_id IS NOT NULL GROUP BY 1, 2
"""
# Kept and counted in one statement, so that both are of the same moment.
_DIFFERENCES = f"""
    SELECT merchant.number, day, coalesce(kept.purchases, 0), coalesce(kept.refunds, 0),
        coalesce(kept.amount, 0), coalesce(counted.purchases, 0), coalesce(counted.refunds, 0),
        coalesce(counted.amount, 0)
    FROM ({_COUNTED}) counted FULL JOIN journeys_merchantday kept USING (merchant_id, day)
    JOIN merchants_merchant merchant ON merchant.id = merchant_id
    WHERE (kept.purchases, kept.refunds, kept.amount)
        IS DISTINCT FROM (counted.purchases, counted.refunds, counted.amount)
    ORDER BY merchant.number, day
"""
_LOCK = "LOCK TABLE journeys_transaction IN SHARE MODE"
_WRITE = f"""
    INSERT INTO journeys_merchantday (merchant_id, day, purchases, refunds, amount)
    SELECT merchant_id, day, purchases, refunds, amount FROM ({_COUNTED}) counted
"""


@dataclass(frozen=True)
class Turnover:
    """What a merchant's day came to."""

    purchases: int
    refunds: int
    amount: Decimal


@dataclass(frozen=True)
class Difference:
    """A merchant's day as it is kept, and as the transactions say."""

    merchant: str
    day: dt.date
    kept: Turnover
    counted: Turnover


def recount_merchant_days(*, repair: bool, at: dt.datetime) -> list[Difference]:
    """This will count all merchants' days from the transactions and return where what is kept
    differs. With `repair` what is counted is written, while nobody else writes transactions."""
    with transaction.atomic(), connection.cursor() as cursor:
        if repair:
            cursor.execute(_LOCK)
        cursor.execute(_DIFFERENCES)
        found = [
            Difference(row[0], row[1], Turnover(*row[2:5]), Turnover(*row[5:8]))
            for row in cursor.fetchall()
        ]
        if repair and found:
            cursor.execute("DELETE FROM journeys_merchantday")
            cursor.execute(_WRITE)
            audit.record(
                action="merchant_days.recounted",
                actor=None,
                at=at,
                changes={"entries": len(found)},
            )
    return found
