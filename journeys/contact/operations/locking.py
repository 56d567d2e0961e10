"""A statement of a person and a reservation for the person follow one another."""

from collections.abc import Sequence

from django.db import connection

_LOCK_CUSTOMERS = """
SELECT id FROM journeys_customer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
"""


class UnknownQuestion(Exception):
    """Raised when a purpose or channel is asked for that the ledger does not know."""


class UnknownCustomer(Exception):
    """Raised when nobody is known under a customer id."""


def lock_customers(customer_ids: Sequence[int]) -> int:
    """This will lock customers in the order of their ids until the transaction ends, and say how
    many there are."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_CUSTOMERS, [list(customer_ids)])
        return len(cursor.fetchall())


def lock_customer(customer_id: int) -> None:
    """This will lock one customer until the transaction ends. Raises UnknownCustomer."""
    if not lock_customers([customer_id]):
        raise UnknownCustomer(str(customer_id))
