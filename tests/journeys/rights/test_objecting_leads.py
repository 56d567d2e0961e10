"""A lead that asks never to be contacted again: the phone is kept as a hash, the words stand in the
request, and nobody with the phone is contacted from then on."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from journeys.contact import operations as contact
from journeys.contact import queries as gate
from journeys.customers import queries as customers
from journeys.models import DoNotContact, ErasedRefusal, Lead, RightsEvent, RightsRequest
from journeys.rights import operations as rights
from journeys.telemarketing import operations as telemarketing
from journeys.telemarketing import queries as leads
from journeys.telemarketing.enums import LeadAnswer
from portal.models import AuditEntry
from portal.staff.access import Scope
from tests.factories.intake import AT
from tests.factories.journeys import (
    ConsentFactory,
    ContactRuleFactory,
    CustomerFactory,
    LeadFactory,
)
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.rights import DAY, allowed, take_in
from tests.journeys.telemarketing.test_operations import record

pytestmark = pytest.mark.django_db

PHONE, OTHER = "15400000001", "15400000002"
SAID = "不要再打我电话"
EVERYWHERE = Scope(branch_path="")


def agreed(**values: Any) -> Any:
    return ConsentFactory(customer=CustomerFactory(**values)).customer


def answers(*asked: Any) -> list[str]:
    verdicts = gate.ask_gate(
        customer_ids=[one.pk for one in asked], purpose="marketing", channels=["sms"],
        dedup_key="A", at=AT,
    )  # fmt: skip
    return [verdict.answer for verdict in verdicts]


def object_(lead: Lead) -> RightsRequest:
    request = take_in(lead, "object", details=SAID)
    return rights.stop_marketing(
        request_id=request.pk, words="已停止", actor=StaffFactory(role="compliance"), at=AT
    )


def test_the_word_of_a_lead_holds_for_whoever_has_the_phone_and_for_who_comes_with_it() -> None:
    ContactRuleFactory()
    lead, twin, other = (
        LeadFactory(phone=PHONE), LeadFactory(phone=PHONE), LeadFactory(phone=OTHER),
    )  # fmt: skip
    known, stranger = agreed(phone=PHONE), agreed(phone=OTHER)
    assert answers(known, stranger) == ["open", "open"]
    request = object_(lead)
    assert (request.state, request.details, request.outcome) == ("done", SAID, "已停止")
    assert list(leads.callable_leads(scope=EVERYWHERE, at=AT)) == [other]
    marked = leads.list_leads(scope=EVERYWHERE, at=AT).filter(is_refused=True)
    assert set(marked) == {lead, twin}
    late = agreed(phone=PHONE)
    assert answers(known, stranger, late) == ["do_not_contact", "open", "do_not_contact"]
    again = telemarketing.load_leads(
        records=[record(number="L9", phone=PHONE, branch_id=BranchFactory().pk)], at=AT
    )
    assert again.answers == [("L9", LeadAnswer.NOT_TO_BE_CONTACTED)]


def test_what_is_kept_is_a_hash_and_the_day_of_the_word_and_the_request_has_the_rest() -> None:
    request = object_(LeadFactory(phone=PHONE))
    kept = ErasedRefusal.objects.get()
    assert (kept.kind, bytes(kept.value_hash), kept.refused_date) == (
        "phone", customers.callee_of(PHONE), DAY,
    )  # fmt: skip
    assert DoNotContact.objects.count() == 0  # no customer said it
    said = RightsEvent.objects.get(request=request, kind="objected")
    assert (said.words, said.at) == (SAID, AT)
    trail = AuditEntry.objects.filter(action="do_not_contact.phone_kept").get()
    assert (trail.changes, trail.reason, trail.target_key) == ({"source": "request"}, "", "")
    assert trail.actor == said.actor


def test_the_earlier_day_of_two_words_stays() -> None:
    lead, twin = LeadFactory(phone=PHONE), LeadFactory(phone=PHONE)
    early = DAY - dt.timedelta(days=9)
    for each, received in ((lead, DAY), (twin, early)):
        request = take_in(each, "object")
        RightsRequest.objects.filter(pk=request.pk).update(received_date=received)
        rights.stop_marketing(request_id=request.pk, words="已停止", actor=None, at=AT)
    assert ErasedRefusal.objects.get().refused_date == early


def test_a_lead_that_became_a_customer_speaks_for_that_customer_too() -> None:
    ContactRuleFactory()
    customer, bystander = agreed(phone=OTHER), agreed(phone=PHONE)
    object_(LeadFactory(phone=PHONE, customer=customer))
    word = DoNotContact.objects.get()
    assert (word.customer_id, word.words, word.source) == (customer.pk, SAID, "request")
    assert answers(customer, bystander) == ["do_not_contact"] * 2


def test_a_lead_without_a_phone_that_became_a_customer_is_that_customer() -> None:
    ContactRuleFactory()
    customer = agreed(phone=OTHER)
    object_(LeadFactory(phone=None, customer=customer))
    assert (answers(customer), ErasedRefusal.objects.count()) == (["do_not_contact"], 0)


def test_where_nothing_is_left_to_call_nothing_is_claimed() -> None:
    lead = LeadFactory(phone=PHONE)
    rights.carry_out(erasure_id=allowed(lead).pk, at=AT)
    lead.refresh_from_db()
    with pytest.raises(rights.NothingToStop):
        object_(lead)
    request = RightsRequest.objects.get(kind="object")
    assert (request.state, ErasedRefusal.objects.count()) == ("open", 0)
    assert list(request.events.values_list("kind", flat=True)) == ["opened"]


def test_the_identity_comes_first() -> None:
    request = take_in(LeadFactory(phone=PHONE), "object", identity_check="not_yet")
    with pytest.raises(rights.IdentityMissing):
        rights.stop_marketing(request_id=request.pk, words="x", actor=None, at=AT)
    assert ErasedRefusal.objects.count() == 0


def test_after_the_erasure_of_the_lead_the_word_still_holds_and_the_proof_tells_of_it() -> None:
    ContactRuleFactory()
    lead = LeadFactory(phone=PHONE)
    object_(lead)
    erasure = allowed(lead)
    rights.carry_out(erasure_id=erasure.pk, at=AT)
    proof = rights.prove_everywhere(erasure_id=erasure.pk, at=AT)
    assert proof is not None
    assert (proof.findings, proof.kept) == (0, 1)
    assert answers(agreed(phone=PHONE)) == ["do_not_contact"]


def test_by_the_page_and_what_the_page_of_a_later_customer_says(
    client_of: Callable[..., Client],
) -> None:
    client = client_of(StaffFactory(role="compliance", language="en"))
    lead = LeadFactory(phone=PHONE)
    request = take_in(lead, "object", details=SAID)
    page = client.get(reverse("rights_page", args=[request.number])).content.decode()
    assert "a keyed hash of the phone is kept" in page
    client.post(reverse("rights_object", args=[request.number]), {"object-words": "已停止"})
    request.refresh_from_db()
    assert request.state == "done"
    late = CustomerFactory(phone=PHONE)
    page = client.get(reverse("customer_page", args=[late.number])).content.decode()
    assert "A person who has or had the same phone, and is on file with it as no customer" in page


def test_by_the_page_where_nothing_is_left(client_of: Callable[..., Client]) -> None:
    client = client_of(StaffFactory(role="compliance", language="en"))
    request = take_in(LeadFactory(phone=None), "object")
    answer = client.post(
        reverse("rights_object", args=[request.number]), {"object-words": "已停止"}, follow=True
    )
    assert "This lead has no phone any more" in answer.content.decode()
    request.refresh_from_db()
    assert request.state == "open"


def test_a_customers_own_request_keeps_no_hash() -> None:
    customer = CustomerFactory(phone=PHONE)
    request = take_in(customer, "object", details=SAID)
    rights.stop_marketing(request_id=request.pk, words="已停止", actor=None, at=AT)
    assert (DoNotContact.objects.count(), ErasedRefusal.objects.count()) == (1, 0)


def test_a_word_kept_for_the_future_counts_from_now() -> None:
    contact.keep_refused_phone(
        phone=PHONE, source="request", actor=None, at=AT, said_at=AT + dt.timedelta(days=3)
    )
    assert ErasedRefusal.objects.get().refused_date == DAY
