"""Whose word stands against marketing to a customer, as the page about him tells it: no more than
the reader may see."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from journeys.contact import queries
from journeys.contact.enums import Channel
from journeys.contact.models import DoNotContact, ErasedRefusal
from journeys.contact.queries.refusals import Bar, Refusals
from journeys.customers import queries as customers
from journeys.customers.enums import Trait
from journeys.models import Customer
from portal.models import Staff
from portal.staff.access import Scope
from tests.factories.journeys import (
    INSTANT,
    ConsentFactory,
    ContactRuleFactory,
    CustomerFactory,
)
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db

PHONE, DAY = "15400000001", dt.timedelta(days=1)
PHONES = (Trait.PHONE,)
SINCE = dt.date(2026, 3, 2)


def refuse(customer: Customer, days: int = 0, words: str = "别打") -> DoNotContact:
    return DoNotContact.objects.create(
        customer=customer, at=INSTANT + days * DAY, words=words, source="call"
    )


def kept(days: int = 0) -> None:
    ErasedRefusal.objects.create(
        kind="phone", value_hash=customers.callee_of(PHONE), refused_date=SINCE + days * DAY
    )


def told(customer: Customer, path: str = "") -> Refusals:
    found = queries.customer_and_refusals(scope=Scope(path), number=customer.number)
    assert found is not None
    assert found[0] == customer
    return found[1]


def test_nobody_refused() -> None:
    customer, stranger = CustomerFactory(phone=PHONE), CustomerFactory()
    refuse(stranger)
    assert told(customer) == Refusals(None, [])
    # Who has no phone shares none.
    nothing = {f"{name}_{end}": None for name in ("phone", "email") for end in ("sealed", "index")}
    silent = [CustomerFactory(**nothing) for _number in range(2)]
    refuse(silent[0])
    assert told(silent[1]) == Refusals(None, [])


def test_own_words_and_those_of_others_stand_beside_each_other() -> None:
    customer, other = CustomerFactory(phone=PHONE), CustomerFactory(phone=PHONE)
    own = refuse(customer, 3)
    refuse(customer, 4)
    refuse(other, 2)
    refuse(other, 1)
    kept(0)
    assert told(customer) == Refusals(
        own, [Bar(SINCE, PHONES, is_erased=True), Bar(SINCE + DAY, PHONES, other.number)]
    )
    assert told(other).others == [
        Bar(SINCE, PHONES, is_erased=True), Bar(SINCE + 3 * DAY, PHONES, customer.number),
    ]  # fmt: skip


def test_a_number_outside_the_scope_is_not_told() -> None:
    here, there = BranchFactory(), BranchFactory()
    customer = CustomerFactory(phone=PHONE, branch=here)
    far = CustomerFactory(phone=PHONE, branch=there)
    refuse(far)
    assert told(customer, here.path).others == [Bar(SINCE, PHONES)]
    assert told(customer).others == [Bar(SINCE, PHONES, far.number)]
    found = queries.customer_and_refusals(scope=Scope(there.path), number=customer.number)
    assert found is None


def test_of_many_those_whom_the_reader_may_see_come_first() -> None:
    here, there = BranchFactory(), BranchFactory()
    customer = CustomerFactory(phone=PHONE, branch=here)
    for days in range(5):
        refuse(CustomerFactory(phone=PHONE, branch=there), days)
    near = CustomerFactory(phone=PHONE, branch=here)
    refuse(near, 7)
    assert told(customer, here.path).others == [
        Bar(SINCE, PHONES), Bar(SINCE + DAY, PHONES), Bar(SINCE + 7 * DAY, PHONES, near.number),
    ]  # fmt: skip


def page(client: Client, customer: Customer, name: str = "customer_page") -> str:
    Staff.objects.update(language="en")
    answer = client.get(reverse(name, args=[customer.number]))
    return " ".join(answer.content.decode().split())


WITHIN = "on file with the same phone, said so on 2026-03-02."
OUTSIDE = "Another customer on file with the same phone said so on 2026-03-02."
GONE = (
    "A person who has or had the same phone, and is on file with it as no customer, said so on "
    "2026-03-02."
)
OWN = "Never contact this customer for marketing."
BARRED = "Never contact this customer for marketing, by the word of another."
OF_ANOTHER = "Refused by another with the same phone, ID number or e-mail"


def test_the_page_says_who_refused_and_since_when(client_of: Any) -> None:
    ContactRuleFactory()
    here = BranchFactory()
    customer = ConsentFactory(customer=CustomerFactory(phone=PHONE, branch=here)).customer
    client = client_of(StaffFactory(role="branch_manager", branch=here))
    assert BARRED not in page(client, customer)
    near = CustomerFactory(phone=PHONE, branch=here)
    refuse(near, words="their own words")
    text = page(client, customer)
    assert f'href="{reverse("customer_page", args=[near.number])}">{near.number}</a>' in text
    assert (text.count(BARRED), WITHIN in text, OWN in text) == (1, True, False)
    assert "their own words" not in text
    assert page(client, customer, "customer_contact").count(OF_ANOTHER) == len(Channel)
    assert page(client, near, "customer_contact").count(OF_ANOTHER) == 0


def test_outside_the_scope_the_page_says_that_somebody_did(client_of: Any) -> None:
    here, there = BranchFactory(), BranchFactory()
    customer = CustomerFactory(phone=PHONE, branch=here)
    far = CustomerFactory(phone=PHONE, branch=there)
    refuse(far, words="their own words")
    text = page(client_of(StaffFactory(role="branch_manager", branch=here)), customer)
    assert (OUTSIDE in text, WITHIN in text, far.number in text) == (True, False, False)
    assert "their own words" not in text


def test_of_an_erased_person_the_page_says_no_more_than_that(client_of: Any) -> None:
    customer = CustomerFactory(phone=PHONE)
    kept()
    text = page(client_of("compliance"), customer)
    assert (GONE in text, OUTSIDE in text) == (True, False)
