"""A statement of a person and a reservation for the person follow one another."""

from collections.abc import Sequence

from django.db import connection
from django.utils.translation import gettext as _

from portal.kit.personal import ERASED

_LOCK_CUSTOMERS = """
SELECT id, name FROM journeys_customer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
"""


class UnknownQuestion(Exception):
    """Raised when a purpose or channel is asked for that the ledger does not know."""


class UnknownCustomer(Exception):
    """Raised when nobody is known under a customer id."""


class ErasedCustomer(Exception):
    """Raised when something would be written about a person who was erased; its text is a
    sentence."""


def lock_customers(customer_ids: Sequence[int]) -> int:
    """This will lock customers in the order of their ids until the transaction ends, and say how
    many there are."""
    return len(_locked_names(customer_ids))


def _locked_names(customer_ids: Sequence[int]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_CUSTOMERS, [list(customer_ids)])
        return [name for _id, name in cursor.fetchall()]


def lock_customer(customer_id: int) -> None:
    """This will lock one customer until the transaction ends. Raises UnknownCustomer and
    ErasedCustomer."""
    names = _locked_names([customer_id])
    if not names:
        raise UnknownCustomer(str(customer_id))
    if names == [ERASED]:
        raise ErasedCustomer(
            _("This person's data was erased. Nothing more may be written about the person.")
        )
