"""A call that waits in the pool rests while the gate would not let the customer be called."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeys.contact import operations as contact
from journeys.contact import queries as gate
from journeys.contact.enums import PauseKind
from journeys.models import Customer, Lead
from journeys.outreach import rules
from journeys.telemarketing import operations, panels, queries
from journeys.telemarketing.enums import LeadState
from portal.kit.registry import CallAsked
from portal.staff.access import Scope, scope_of
from tests.factories.intake import AT
from tests.factories.journeys import (
    ConsentFactory,
    ContactRuleFactory,
    CustomerFactory,
    LeadFactory,
)  # fmt: skip
from tests.factories.leads import moved
from tests.factories.outreach import MessageFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.journeys.telemarketing.test_views import _request

pytestmark = pytest.mark.django_db

PHONE, OTHER = "15400000001", "15400000002"


def agreed() -> Customer:
    ContactRuleFactory()
    customer = CustomerFactory(phone=PHONE)
    ConsentFactory(customer=customer, channel="phone")
    return customer


def call_of(customer: Customer, purpose: str = "marketing") -> Lead:
    message = MessageFactory(customer=customer, channel="phone", purpose=purpose)
    key = rules.message_key(message.pk, message.dedup_key)
    asked = CallAsked(key, customer.pk, "回访", "提醒激活")
    return Lead.objects.get(number=operations.take_call(asked=asked, at=AT))


def pause(customer: Customer, kind: PauseKind = PauseKind.COMPLAINT) -> None:
    contact.pause_marketing(customer_id=customer.pk, kind=kind, reference="T1", actor=None, at=AT)


def pause_for_a_case(customer: Customer) -> None:
    pause(customer, PauseKind.CASE)


def take_back(customer: Customer) -> None:
    contact.withdraw_consent(
        customer_id=customer.pk, purpose="marketing", channel="phone", evidence="x", actor=None,
        at=AT,
    )  # fmt: skip


def take_phone(customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(
        phone_sealed=None, phone_index=None, phone_masked="", callee=None
    )


def change_phone(customer: Customer) -> None:
    other = CustomerFactory.build(phone=OTHER, branch=None)
    Customer.objects.filter(pk=customer.pk).update(
        phone_sealed=other.phone_sealed, phone_index=other.phone_index, callee=other.callee
    )


def is_open(customer: Customer, purpose: str, at: dt.datetime = AT) -> bool:
    (verdict,) = gate.ask_gate(
        customer_ids=[customer.pk], purpose=purpose, channels=["phone"], dedup_key="B", at=at
    )
    return verdict.answer == "open"


def may_be_called(lead: Lead, at: dt.datetime = AT) -> bool:
    return queries.callable_leads(scope=Scope(""), at=at).filter(pk=lead.pk).exists()


@pytest.mark.parametrize("purpose", ["marketing", "service"])
@pytest.mark.parametrize("what", [pause, pause_for_a_case, take_back, take_phone])
def test_a_call_rests_as_the_gate_says(what: Callable[[Customer], None], purpose: str) -> None:
    customer = agreed()
    lead = call_of(customer, purpose)
    assert may_be_called(lead)
    what(customer)
    assert is_open(customer, purpose) == (purpose == "service" and what is not take_phone)
    assert may_be_called(lead) == is_open(customer, purpose)


def test_a_call_to_a_phone_that_is_the_customers_no_more_rests() -> None:
    customer = agreed()
    lead = call_of(customer)
    change_phone(customer)
    assert (is_open(customer, "marketing"), may_be_called(lead)) == (True, False)


def test_a_call_that_rested_goes_on_once_the_complaint_is_closed() -> None:
    customer = agreed()
    lead = call_of(customer)
    pause(customer)
    assert not may_be_called(lead)
    contact.resume_marketing(kind=PauseKind.COMPLAINT, reference="T1", actor=None, at=AT)
    assert may_be_called(lead)


def test_a_lead_of_nobody_does_not_rest_whatever_its_number() -> None:
    leads = [LeadFactory(), LeadFactory(number="M-1-0123456789abcdef"), LeadFactory(number="M-x")]
    assert all(map(may_be_called, leads))


INSTANTS = st.integers(-2, 2).map(lambda days: AT + dt.timedelta(days=days))
SAID = st.lists(st.tuples(st.booleans(), INSTANTS, INSTANTS), max_size=4)


@given(said=SAID)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_consent_to_calls_holds_as_at_the_gate(
    said: list[tuple[bool, dt.datetime, dt.datetime]],
) -> None:
    ContactRuleFactory()
    customer = CustomerFactory(phone=PHONE)
    lead = call_of(customer)
    for is_granted, day, recorded_at in said:
        # A withdrawal holds at once.
        effective_at = day if is_granted else min(day, recorded_at)
        ConsentFactory(
            customer=customer, channel="phone", is_granted=is_granted, effective_at=effective_at,
            recorded_at=recorded_at,
        )  # fmt: skip
    assert may_be_called(lead) == is_open(customer, "marketing")


def test_what_rests_is_counted_and_shown_by_itself(client_of: Callable[..., Client]) -> None:
    here = BranchFactory()
    owner = StaffFactory(role="telemarketer", branch=here, language="en")
    scope = scope_of(owner)
    customers = [agreed() for _place in range(3)]
    resting, waiting, _free = map(call_of, customers)
    Lead.objects.update(branch=here)
    for lead in (resting, waiting):
        moved(lead, owner=owner, state="new")
    assert queries.free_leads(scope=scope, at=AT) == 1
    for place in (0, 2):
        contact.pause_marketing(
            customer_id=customers[place].pk, kind=PauseKind.COMPLAINT, reference=f"T{place}",
            actor=None, at=AT,
        )  # fmt: skip
    assert queries.free_leads(scope=scope, at=AT) == 0
    assert queries.counts_of_owner(staff_id=owner.pk, at=AT) == {"new": 1}
    assert queries.resting_of_owner(staff_id=owner.pk, at=AT) == 1
    found = panels.my_leads(_request(owner))
    assert found is not None
    assert (found["resting"], found["refused"], found["free"]) == (1, 0, 0)
    assert found["leads"] == [waiting]
    client = client_of(owner)
    text = client.get(reverse("lead_list")).content.decode()
    assert text.count("Not to be called for now") == 2
    assert "Not to be called for now" in client.get("/").content.decode()
    operations.end_lead(lead_id=resting.pk, state=LeadState.LOST, actor=owner, at=AT)
    assert queries.resting_of_owner(staff_id=owner.pk, at=AT) == 0
