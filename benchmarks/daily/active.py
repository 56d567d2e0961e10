"""Active and sleeping cards counted by one bare statement, and as they are kept."""

import datetime as dt

from django.db import connection

from journeys.activity import operations
from portal.kit import clock

BARE = """
SELECT c.branch_id, c.product_id, count(*),
    count(*) FILTER (WHERE last.day > %(on)s::date - 180),
    count(*) FILTER (WHERE GREATEST(c.issued_date, last.day) + interval '18 months' <= %(on)s)
FROM journeys_card c LEFT JOIN (
    SELECT card_id, max(posted_date) AS day FROM journeys_transaction
    WHERE amount > 0 AND posted_date <= %(on)s GROUP BY card_id
) last ON last.card_id = c.id
WHERE c.issued_date <= %(on)s AND (c.closed_date IS NULL OR c.closed_date > %(on)s)
GROUP BY c.branch_id, c.product_id
"""
BOUGHT = """
INSERT INTO journeys_transaction (reference, customer_id, card_id, kind, amount, posted_date, mcc,
    channel, division_code, refund_of)
SELECT 'NIGHT' || id, customer_id, id, 'purchase', 10, %(on)s, '', '', '', ''
FROM journeys_card WHERE id %% 20 = 0 AND issued_date <= %(on)s
"""
MARK_ALL = """
DELETE FROM journeys_cardmark;
INSERT INTO journeys_cardmark (card_id, month)
SELECT id, date_trunc('month', issued_date)::date FROM journeys_card ORDER BY id
"""
_KEPT = """
SELECT s.branch_id, s.product_id, s.cards, a.used, s.asleep
FROM journeys_sleepday s JOIN journeys_activityday a
    ON a.day = s.day AND a.branch_id = s.branch_id AND a.product_id = s.product_id
WHERE s.day = %(on)s
"""
Rows = list[tuple[int, ...]]


def define() -> None:
    """This will define active cards as the bare statement counts them."""
    operations.set_definition(
        actor=None, at=clock.now(), code="board", name="活卡率", name_en="Active cards",
        counted="cards", window_days=180, effective_date=dt.date(2000, 1, 1), source="Board",
        leaves_closed=True, leaves_unactivated=False, leaves_supplementary=False,
        policy_products=[],
    )  # fmt: skip


def counted(on: dt.date) -> Rows:
    """This will count a day from cards and transactions: by branch and product the cards, those
    used within 180 days, and those asleep."""
    return _rows(BARE, on)


def kept(on: dt.date) -> Rows:
    """This will read the same from the figures by day."""
    return _rows(_KEPT, on)


def _rows(statement: str, on: dt.date) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"on": on})
        return sorted(cursor.fetchall())


def do(statement: str, **values: dt.date) -> None:
    """This will carry a statement out."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
