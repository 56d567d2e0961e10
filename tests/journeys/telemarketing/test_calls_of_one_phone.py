"""A phone is one phone, whether it stands with a lead or with a customer."""

import pytest

from journeys.contact import operations as contact
from journeys.contact import queries as gate
from journeys.contact.enums import PauseKind
from journeys.models import Contact, Customer, MarketingPause
from portal.models import Branch
from tests.factories.journeys import ConsentFactory, ContactRuleFactory, CustomerFactory
from tests.factories.leads import called, caller, set_policy
from tests.factories.portal import BranchFactory
from tests.journeys.telemarketing.test_next import AT, DAYS, HOURS, given, lead, none_for

pytestmark = pytest.mark.django_db
PHONE = "15400000021"


@pytest.fixture
def branch() -> Branch:
    ContactRuleFactory()
    set_policy()
    return BranchFactory()


@pytest.fixture
def customer(branch: Branch) -> Customer:
    found: Customer = CustomerFactory(phone=PHONE, branch=branch)
    ConsentFactory(customer=found, channel="phone", effective_at=AT - DAYS)
    return found


def answer(customer: Customer) -> str:
    (verdict,) = gate.ask_gate(
        customer_ids=[customer.pk], purpose="marketing", channels=["phone"], dedup_key="x", at=AT
    )
    return verdict.answer


def test_calls_to_a_lead_count_for_the_customer_with_its_phone(
    branch: Branch, customer: Customer
) -> None:
    """Two in 24 hours, and a call counts once, however many are on file with the phone."""
    me, same = caller(branch), CustomerFactory(phone=PHONE, branch=branch)
    first, second = lead(branch, phone=PHONE, priority=60), lead(branch, phone=PHONE)
    lead(branch, phone=PHONE, priority=40)
    for one in (first, second):
        assert answer(customer) == "open"
        assert given(me) == one
        called(me, AT)
    assert answer(customer) == "cap_reached"
    assert none_for(me)
    rows = Contact.objects.order_by("pk").values_list(
        "customer", "channel", "purpose", "origin", "dedup_key", "at"
    )
    assert list(rows) == [
        (who.pk, "phone", "marketing", "calls", f"call:{one.pk}:1", AT)
        for one in (first, second) for who in (customer, same)
    ]  # fmt: skip


def test_a_call_and_a_message_fill_the_cap_together(branch: Branch, customer: Customer) -> None:
    me = caller(branch)
    lead(branch, phone=PHONE)
    given(me)
    called(me, AT)
    (verdict,) = contact.reserve_contacts(
        customer_ids=[customer.pk], purpose="marketing", channels=["phone"], origin="x",
        dedup_key="x", at=AT + HOURS,
    )  # fmt: skip
    assert verdict.is_open
    lead(branch, phone=PHONE)
    assert none_for(me, AT + 2 * HOURS)


def test_a_lead_that_becomes_a_customer_keeps_its_calls(branch: Branch, customer: Customer) -> None:
    me = caller(branch)
    one = lead(branch, phone=PHONE)
    for again in (AT, AT + 21 * HOURS):
        assert given(me, again) == one
        called(me, again)
    one.customer = customer
    one.save(update_fields=["customer"])
    lead(branch, phone=PHONE)
    assert none_for(me, AT + 22 * HOURS)


@pytest.mark.parametrize("kind", ["complaint", "case"])
def test_an_open_complaint_rests_for_the_phone(
    branch: Branch, customer: Customer, kind: str
) -> None:
    me = caller(branch)
    one = lead(branch, phone=PHONE)
    MarketingPause.objects.create(customer=customer, kind=kind, since=AT - HOURS, reference="K1")
    assert none_for(me)
    contact.resume_marketing(kind=PauseKind(kind), reference="K1", actor=None, at=AT)
    assert given(me) == one
