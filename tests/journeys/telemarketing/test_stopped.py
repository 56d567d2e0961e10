"""A pause or a stop binds the telephone too, also the calls that somebody has already."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from campaigns.planning import operations as planning
from campaigns.planning import queries as campaigns
from journeys.models import Contact, Customer, Lead, LeadHold, Message
from journeys.outreach import operations as outreach
from journeys.outreach import queries as outbox
from journeys.outreach import rules
from journeys.telemarketing import operations, queries
from portal.kit.registry import CallAsked
from portal.models import Staff
from tests.factories.campaigns import approved
from tests.factories.journeys import ConsentFactory, CustomerFactory, LeadFactory
from tests.factories.leads import called, caller, moved, set_policy
from tests.factories.outreach import MessageFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.journeys.telemarketing.test_resting import AT

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(minutes=10)
WHY = "the campaign that asked for the call is paused or stopped"


@pytest.fixture
def me() -> Staff:
    set_policy()
    return caller(BranchFactory())


def call_of_campaign(me: Staff, origin: str = "") -> Lead:
    """A call that a campaign asked for and that I have, in force and to be made now."""
    origin = origin or f"campaign:{approved().campaign.code}:v1"
    customer: Customer = CustomerFactory(phone="13800138001", branch=me.branch)
    for channel in ("phone", "sms"):
        ConsentFactory(customer=customer, channel=channel, effective_at=AT - dt.timedelta(days=1))
    message = MessageFactory(
        customer=customer, channel="phone", origin=origin, state="sent", sent_at=AT
    )
    asked = CallAsked(
        rules.message_key(message.pk, message.dedup_key), customer.pk, "回访", "提醒激活"
    )
    lead = Lead.objects.get(number=operations.take_call(asked=asked, at=AT))
    return moved(lead, owner=me, state="working")


def halt(way: str) -> None:
    officer = StaffFactory(role="compliance")
    origin = Message.objects.get().origin
    if way == "campaign":
        campaign = campaigns.find_campaign(origin.split(":")[1])
        assert campaign is not None
        planning.stop_campaign(campaign_id=campaign.pk, reason="wrong", actor=officer, at=AT)
    else:
        halts = {"pause": outreach.pause_origin, "stop": outreach.stop_origin}
        halts[way](origin=origin, reason="wrong", actor=officer, at=AT)


@pytest.mark.parametrize("way", ["pause", "stop", "campaign"])
def test_a_call_that_somebody_has_is_not_given_to_him(me: Staff, way: str) -> None:
    lead = call_of_campaign(me)
    assert queries.answer_of(lead.pk, at=LATER) == "open"
    halt(way)
    assert queries.answer_of(lead.pk, at=LATER) == queries.STOPPED
    with translation.override("en"), pytest.raises(operations.LeadRefused) as refused:
        operations.next_lead(caller=me, at=LATER)
    assert str(refused.value) == f"No lead may be called at this moment: {WHY}."
    assert not LeadHold.objects.exists()
    assert Lead.objects.get().owner == me


@pytest.mark.parametrize("way", ["pause", "stop", "campaign"])
def test_one_in_hand_is_put_down_and_no_contact_is_made(me: Staff, way: str) -> None:
    call_of_campaign(me)
    operations.next_lead(caller=me, at=AT)
    halt(way)
    before = list(Contact.objects.values())
    with translation.override("en"), pytest.raises(operations.LeadRefused) as refused:
        called(me, LATER)
    assert str(refused.value) == f"This lead may not be called (any more), and was put down: {WHY}."
    assert list(Contact.objects.values()) == before
    assert (LeadHold.objects.get().end, Lead.objects.get().attempts) == ("closed", 0)
    halts = [one for one in outbox.find_breaches(since=AT, at=LATER) if one.at > AT]
    assert halts == []


def test_the_second_call_is_bound_as_the_first_was(me: Staff) -> None:
    lead = call_of_campaign(me)
    operations.next_lead(caller=me, at=AT)
    called(me, AT)
    halt("stop")
    later = AT + dt.timedelta(days=2)
    assert Lead.objects.get().attempts == 1
    assert queries.gate_answers([lead.pk], at=later) == {lead.pk: queries.STOPPED}


def test_a_pause_that_ends_lets_the_call_be_made(me: Staff) -> None:
    lead = call_of_campaign(me)
    halt("pause")
    outreach.resume_origin(
        origin=Message.objects.get().origin, reason="right", actor=StaffFactory(), at=AT
    )
    assert operations.next_lead(caller=me, at=LATER).lead == lead


def test_other_leads_are_called_as_ever(me: Staff) -> None:
    call_of_campaign(me)
    other = LeadFactory(branch=me.branch, phone="15400100001")
    halt("stop")
    assert operations.next_lead(caller=me, at=LATER).lead == other


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_desk_says_it(me: Staff, language: str, client_of: Callable[..., Client]) -> None:
    call_of_campaign(me)
    halt("stop")
    me.language = language
    me.save()
    page = client_of(me).get(reverse("lead_desk")).content.decode()
    words = {"en": "Out of the plan since 2026-", "zh-hans": "客户已于 2026-"}
    assert page.count(words[language]) == 1


def test_the_view_of_the_pools_says_it(me: Staff) -> None:
    lead = call_of_campaign(me)
    operations.release_lead(lead_id=lead.pk, actor=me, at=AT)
    halt("pause")
    with translation.override("en"):
        head = queries.head_of([lead.branch_id], at=LATER)
    assert (head.looked_at, head.open, head.against) == (1, 0, [(WHY, 1)])
