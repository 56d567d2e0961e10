"""A statement of a person and a reservation for the person follow one another."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from journeys.contact.queries.asking import array_of
from journeys.customers.rules import HASH_OF
from portal.kit.personal import ERASED

_LOCK_CUSTOMERS = """
SELECT id, name FROM journeys_customer WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE
"""


# Whoever shares phone, ID number or e-mail address with one customer, himself included.
_SHARES = "\n".join(
    f"    OR {column} = (SELECT {column} FROM journeys_customer WHERE id = %(id)s)"
    for column in HASH_OF.values()
)
_LOCK_SHARING = f"""
SELECT id, name FROM journeys_customer WHERE id = %(id)s
{_SHARES}
ORDER BY id FOR NO KEY UPDATE
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
    return len(_names_locked(_LOCK_CUSTOMERS, [array_of(customer_ids)]))


def lock_customer(customer_id: int) -> None:
    """This will lock one customer until the transaction ends. Raises UnknownCustomer and
    ErasedCustomer."""
    _refuse_nobody(customer_id, _names_locked(_LOCK_CUSTOMERS, [array_of([customer_id])]))


def lock_sharing(customer_id: int) -> None:
    """This will lock one customer, and those on file with the same phone, ID number or e-mail
    address, until the transaction ends. Raises UnknownCustomer and ErasedCustomer."""
    _refuse_nobody(customer_id, _names_locked(_LOCK_SHARING, {"id": customer_id}))


def _names_locked(statement: str, values: Any) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return dict(cursor.fetchall())


def _refuse_nobody(customer_id: int, names: dict[int, str]) -> None:
    if customer_id not in names:
        raise UnknownCustomer(str(customer_id))
    if names[customer_id] == ERASED:
        raise ErasedCustomer(
            _("This person's data was erased. Nothing more may be written about the person.")
        )
