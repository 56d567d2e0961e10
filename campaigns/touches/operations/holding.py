"""Holding stays, in the one order of locks: customers before messages, messages before stays, stays
before steps.

A transaction that writes to several stays, or to their steps, locks all of these stays first, by
one statement in the order of their ids: so of two such transactions neither waits for the other in
a ring. Whoever works steps off (`working.PICK`) may begin with steps, since it waits for nobody.
"""

from collections.abc import Collection

from django.db import connection

_HOLD = "SELECT id FROM campaigns_enrolment WHERE {which} ORDER BY id FOR NO KEY UPDATE"
_NAMED = _HOLD.format(which="id = ANY(%s)")
_OF_CUSTOMERS = _HOLD.format(which="customer_id = ANY(%s)")


def hold(enrolment_ids: Collection[int]) -> None:
    """This will lock stays, in the order of their ids, until the transaction ends."""
    _lock(_NAMED, enrolment_ids)


def hold_all_of(customer_ids: Collection[int]) -> None:
    """This will lock all stays of customers, also those that are over: one of them may be open
    again by somebody else's hand meanwhile."""
    _lock(_OF_CUSTOMERS, customer_ids)


def _lock(statement: str, ids: Collection[int]) -> None:
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(statement, [sorted(ids)])
