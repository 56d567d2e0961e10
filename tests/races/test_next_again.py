"""A lead that is put down while another window asks, and a customer who comes on file while a call
is noted."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from journeys.models import Contact, LeadHold
from journeys.telemarketing import operations
from portal.models import Staff
from tests.factories.journeys import INSTANT, ContactRuleFactory, CustomerFactory, LeadFactory
from tests.factories.leads import called, caller, set_policy
from tests.factories.portal import BranchFactory
from tests.races.threads import in_threads, wait_for

pytestmark = pytest.mark.django_db(transaction=True)
AT = INSTANT
PHONE = "15400000023"


def bank() -> Staff:
    ContactRuleFactory()
    set_policy()
    return caller(BranchFactory())


@pytest.mark.parametrize(("windows", "turns"), [
    (4, 3), pytest.param(12, 20, marks=pytest.mark.chaos),
])  # fmt: skip
def test_with_many_windows_open_nobody_is_given_again_what_was_put_down(
    windows: int, turns: int
) -> None:
    """As long as there is another one."""
    me = bank()
    for place in range(windows * turns):
        LeadFactory(branch=me.branch, phone=str(15410000000 + place), priority=place % 100)

    def work(_place: int) -> None:
        for _turn in range(turns):
            operations.next_lead(caller=me, at=AT)
            operations.put_down(caller_id=me.pk, at=AT)

    in_threads(windows, work)
    held = list(LeadHold.objects.values_list("lead", flat=True))
    assert len(held) >= turns
    assert len(set(held)) == len(held)


def test_a_call_that_is_noted_sees_who_comes_on_file_meanwhile() -> None:
    me = bank()
    one = LeadFactory(branch=me.branch, phone=PHONE)
    operations.next_lead(caller=me, at=AT)

    def call() -> None:
        try:
            called(me, AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            later = CustomerFactory(phone=PHONE, branch=me.branch)
            done = pool.submit(call)
            wait_for(1)
        done.result()
    row = Contact.objects.get()
    assert (row.customer, row.dedup_key) == (later, f"call:{one.pk}:1")


def test_who_comes_on_file_sees_a_call_that_is_noted_meanwhile() -> None:
    me = bank()
    LeadFactory(branch=me.branch, phone=PHONE)
    operations.next_lead(caller=me, at=AT)

    def come() -> int:
        try:
            return CustomerFactory(phone=PHONE, branch=me.branch).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            called(me, AT)
            done = pool.submit(come)
            wait_for(1)
        later = done.result()
    assert Contact.objects.get().customer_id == later
