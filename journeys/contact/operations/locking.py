"""A statement of a person and a reservation for the person follow one another."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from journeys.contact.queries.asking import array_of
from journeys.customers import queries as customers
from journeys.customers import rules
from portal.kit.personal import ERASED

_LOCK_CUSTOMERS = """
SELECT id, name FROM journeys_customer WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE
"""
_LOCK_CALLEE = """
SELECT id, name FROM journeys_customer WHERE callee = %s ORDER BY id FOR NO KEY UPDATE
"""
_LOCK_SHARING = rules.lock_sharing("id = %(id)s", tells="c.id, c.name")
_LOCK_CALLED = rules.lock_sharing(
    "callee = %(callee)s OR id = %(id)s",
    tells="c.id, coalesce(c.callee = %(callee)s, false) AND c.name <> %(erased)s",
)


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


def lock_callee(callee: bytes) -> int:
    """This will lock, until the transaction ends, the customers on file with a phone, of which this
    is the hash, and say how many there are."""
    return len(_names_locked(_LOCK_CALLEE, [callee]))


def lock_customer(customer_id: int) -> None:
    """This will lock one customer until the transaction ends. Raises UnknownCustomer and
    ErasedCustomer."""
    _refuse_nobody(customer_id, _names_locked(_LOCK_CUSTOMERS, [array_of([customer_id])]))


def lock_sharing(customer_id: int) -> None:
    """This will lock one customer, and those on file with the same phone, ID number or e-mail
    address, until the transaction ends. Raises UnknownCustomer and ErasedCustomer."""
    _refuse_nobody(customer_id, _names_locked(_LOCK_SHARING, {"id": customer_id}))


def lock_called(phone: str, *, customer_id: int | None = None) -> list[int]:
    """This will lock, until the transaction ends, all customers on file with a phone, `customer_id`
    too where it is given, and those on file with the same phone, ID number or e-mail address as one
    of them, and return the ids of those who have the phone, now that nobody can take it from
    them."""
    callee = customers.callee_of(phone)
    values: dict[str, Any] = {"callee": callee, "id": customer_id, "erased": ERASED}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_CALLED, values)
        return [customer_id for customer_id, is_called in cursor.fetchall() if is_called]


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
