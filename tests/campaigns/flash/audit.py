"""The auditor of flash sales: naive SQL over the rows, knowing nothing of the gate."""

from typing import Any

from django.db import connection

_GRANTED = """
SELECT count(*), count(DISTINCT claim.customer_id), count(DISTINCT claim.number),
       count(DISTINCT given.id)
FROM campaigns_flashclaim claim JOIN campaigns_grant given ON given.id = claim.grant_id
WHERE claim.sale_id = %s AND claim.state = 'granted' AND given.customer_id = claim.customer_id
"""
_STANDING_TWICE = """
SELECT count(*) FROM (
    SELECT 1 FROM campaigns_flashclaim WHERE sale_id = %s AND state <> 'expired'
    GROUP BY customer_id HAVING count(*) > 1
    UNION ALL
    SELECT 1 FROM campaigns_flashclaim WHERE sale_id = %s AND state <> 'expired'
    GROUP BY number HAVING count(*) > 1
) twice
"""
_NOT_ELIGIBLE = """
SELECT count(*) FROM campaigns_flashclaim claim WHERE claim.sale_id = %s AND NOT EXISTS (
    SELECT FROM campaigns_decision decision JOIN campaigns_flashsale sale
        ON sale.run_id = decision.run_id AND sale.id = claim.sale_id
    WHERE decision.customer_id = claim.customer_id AND decision.outcome = 'qualified')
"""
_STOCK = "SELECT units FROM campaigns_flashsale WHERE id = %s"


def _one(sql: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()


def assert_exactly(sale_id: int, eligible: int) -> None:
    """This will fail unless grants are min(stock, eligible claimants), one each, of one unit
    each, and nobody else ever had a claim."""
    expected = min(_one(_STOCK, sale_id)[0], eligible)
    assert _one(_GRANTED, sale_id) == (expected,) * 4
    assert _one(_STANDING_TWICE, sale_id, sale_id) == (0,)
    assert _one(_NOT_ELIGIBLE, sale_id) == (0,)


def granted_to(sale_id: int) -> set[str]:
    """The numbers of the customers with a granted claim."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer.number FROM campaigns_flashclaim claim"
            " JOIN journeys_customer customer ON customer.id = claim.customer_id"
            " WHERE claim.sale_id = %s AND claim.state = 'granted'",
            [sale_id],
        )
        return {row[0] for row in cursor.fetchall()}
