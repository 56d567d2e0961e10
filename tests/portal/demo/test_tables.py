"""Keys that are checked together are the same afterwards, and refuse what they refused before."""

import pytest
from django.db import IntegrityError, connection, transaction

from journeys.models import Customer
from portal.demo import tables
from tests.factories.journeys import CardFactory, CustomerFactory

pytestmark = pytest.mark.django_db

_BIG = ["journeys_customer", "journeys_card"]


def _keys() -> list[tuple[str, str, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]) ORDER BY 1",
            [_BIG],
        )
        return cursor.fetchall()


def test_the_keys_are_the_same_afterwards() -> None:
    CardFactory()
    before = _keys()
    with transaction.atomic(), tables.checked_together(_BIG):
        assert _keys() == []
        CardFactory(customer=CustomerFactory())
    assert _keys() == before


def test_a_row_that_names_nothing_is_refused() -> None:
    customer = CustomerFactory()
    before = _keys()
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        tables.checked_together(_BIG),
    ):
        Customer.objects.filter(pk=customer.pk).update(branch_id=0)
    assert _keys() == before
    assert Customer.objects.get(pk=customer.pk).branch_id == customer.branch_id
