"""A phone is one phone, whether it stands with a lead or with a customer."""

import random

import pytest

from journeys.contact import operations as contact
from journeys.contact import queries as gate
from journeys.contact.enums import PauseKind
from journeys.models import Contact, Customer, MarketingPause
from journeys.telemarketing import queries
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


def test_who_comes_on_file_later_has_had_the_calls_to_the_phone(branch: Branch) -> None:
    me = caller(branch)
    one = lead(branch, phone=PHONE)
    instants = [AT, AT + 21 * HOURS]
    for again in instants:
        assert given(me, again) == one
        called(me, again)
    later: Customer = CustomerFactory(phone=PHONE, branch=branch)
    ConsentFactory(customer=later, channel="phone", effective_at=AT - DAYS)
    rows = Contact.objects.order_by("at").values_list(
        "customer", "channel", "purpose", "origin", "dedup_key", "at"
    )
    assert list(rows) == [
        (later.pk, "phone", "marketing", "calls", f"call:{one.pk}:{place}", at)
        for place, at in enumerate(instants, start=1)
    ]
    (verdict,) = gate.ask_gate(
        customer_ids=[later.pk], purpose="marketing", channels=["phone"], dedup_key="x",
        at=AT + 22 * HOURS,
    )  # fmt: skip
    assert verdict.answer == "cap_reached"
    # The next call is the third, and each counts once for the phone.
    third = AT + 46 * HOURS
    other = lead(branch, phone=PHONE, priority=1)
    assert given(me, third) == one
    called(me, third)
    assert Contact.objects.filter(customer=later).count() == 3
    assert given(me, third) == other


def test_who_is_given_a_phone_has_had_its_calls_once(branch: Branch) -> None:
    me = caller(branch)
    other: Customer = CustomerFactory(phone="15400000022", branch=branch)
    one = lead(branch, phone=PHONE)
    given(me)
    called(me, AT)
    named = CustomerFactory.build(phone=PHONE, branch=branch)
    for phone in (named, other, named):
        Customer.objects.filter(pk=other.pk).update(callee=bytes(phone.callee))
    keys = Contact.objects.filter(customer=other).values_list("dedup_key", flat=True)
    assert list(keys) == [f"call:{one.pk}:1"]


def test_no_older_calls_are_written_than_count(branch: Branch) -> None:
    me = caller(branch)
    lead(branch, phone=PHONE)
    instants = [AT, AT + 5 * DAYS, AT + 30 * DAYS]
    for again in instants:
        given(me, again)
        called(me, again)
    later = CustomerFactory(phone=PHONE, branch=branch)
    found = Contact.objects.filter(customer=later).order_by("at").values_list("at", flat=True)
    assert list(found) == instants[1:]


def test_calls_to_a_lead_that_is_a_customer_are_that_customers(branch: Branch) -> None:
    me = caller(branch)
    first: Customer = CustomerFactory(phone=PHONE, branch=branch)
    ConsentFactory(customer=first, channel="phone", effective_at=AT - DAYS)
    lead(branch, phone=PHONE, customer=first)
    given(me)
    called(me, AT)
    CustomerFactory(phone=PHONE, branch=branch)
    assert list(Contact.objects.values_list("customer", flat=True)) == [first.pk]


@pytest.mark.parametrize("seed", range(4))
def test_the_caps_are_those_of_the_gate(branch: Branch, seed: int) -> None:
    """Of a phone as of a customer: contacts before and after an instant, at the bounds of the
    windows and elsewhere."""
    rng = random.Random(seed)
    bounds = (-721, -720, -719, -300, -24, -23, -1, 1, 23, 24, 300)
    answers = set()
    for turn in range(20):
        phone = str(15440000000 + turn)
        who: Customer = CustomerFactory(phone=phone, branch=branch)
        ConsentFactory(customer=who, channel="phone", effective_at=AT - DAYS)
        hours = [rng.choice(bounds) for _one in range(rng.randrange(7))]
        for place, apart in enumerate(hours):
            Contact.objects.create(
                customer=who, channel="sms", purpose="marketing", at=AT + apart * HOURS,
                origin="x", dedup_key=f"{place}",
            )  # fmt: skip
        one = lead(branch, phone=phone)
        found = queries.gate_answers([one.pk], at=AT)[one.pk]
        assert found == answer(who), hours
        answers.add(found)
    assert answers == {"open", "cap_reached"}
