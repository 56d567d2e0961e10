"""What a refusal holds for is marked for all whom it concerns: those who share phone, ID number or
e-mail address with the one who said it, or come to do so."""

import pytest

from journeys.contact.models import DoNotContact, ErasedRefusal
from journeys.customers.enums import Trait
from journeys.customers.models import Customer
from journeys.customers.rules import HASH_OF
from portal.kit import numbers
from tests.factories.campaigns import AT
from tests.factories.journeys import CustomerFactory
from tests.project.test_marked_tables import marked

pytestmark = pytest.mark.django_db
_BODIES = [f"4403051988061500{place}" for place in range(1, 10)]
ID_NUMBERS = [body + numbers.id_check_sign(body) for body in _BODIES]


@pytest.mark.parametrize("column", list(HASH_OF.values()))
def test_a_refusal_is_marked_for_all_who_share_something(column: str) -> None:
    one, same, other, last = (CustomerFactory(id_number=number) for number in ID_NUMBERS[:4])
    move(same, column, one)
    marked()
    DoNotContact.objects.create(customer=one, at=AT, words="no", source="call")
    assert marked() == {one.pk, same.pk}
    # Who refused comes to another value: those of both are concerned.
    move(one, column, other)
    assert marked() == {one.pk, same.pk, other.pk}
    move(last, column, same)
    assert marked() == set()
    move(last, column, other)
    assert marked() == {last.pk}
    # Many at once, of whom a few are concerned.
    crowd = [CustomerFactory(id_number=number) for number in ID_NUMBERS[4:]]
    for row in crowd[:2]:
        move(row, column, other)
    assert marked() == {row.pk for row in crowd}  # those two, and each as it came
    Customer.objects.filter(pk__in=[row.pk for row in crowd]).update(**{column: bytes(16)})
    assert marked() == {row.pk for row in crowd[:2]}
    DoNotContact.objects.create(customer=crowd[0], at=AT, words="no", source="call")
    assert marked() == {row.pk for row in crowd}


def move(row: Customer, column: str, other: Customer) -> None:
    held = Customer.objects.values_list(column, flat=True).get(pk=other.pk)
    Customer.objects.filter(pk=row.pk).update(**{column: held})


@pytest.mark.parametrize("trait", list(Trait))
def test_what_is_kept_of_a_refusal_is_marked_for_all_who_have_it(trait: Trait) -> None:
    one, same, other = (CustomerFactory(id_number=number) for number in ID_NUMBERS[:3])
    move(same, HASH_OF[trait], one)
    marked()
    ErasedRefusal.objects.create(
        kind=trait, value_hash=getattr(one, HASH_OF[trait]), refused_date=AT.date()
    )
    assert marked() == {one.pk, same.pk}
    move(other, HASH_OF[trait], one)
    assert marked() == {other.pk}
