"""What the call screen offers a customer: of campaigns that run, with its receipt."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from campaigns.eligibility import queries
from portal.kit import clock
from tests.campaigns.eligibility.test_near import ONE, SPENT, USED, ran
from tests.factories.campaigns import ON, approved, card_in_use, dry_run
from tests.factories.journeys import (
    ConsentFactory,
    ContactRuleFactory,
    CustomerFactory,
    LeadFactory,
)
from tests.factories.leads import caller, set_policy
from tests.factories.portal import BranchFactory

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]


def offered(customer_id: int, today: dt.date = ON) -> list[tuple[bool, str, int]]:
    return [
        (one.has_it, one.missing, len(one.lines))
        for one in queries.offers_for(customer_id, today=today)
    ]


def test_who_is_near_is_offered_it_with_the_receipt() -> None:
    card = card_in_use(spent="499.00")
    ran(approved(rule={"all": [USED, SPENT]}, runs_to=(ON + 30 * ONE).isoformat()))
    ((has_it, missing, lines),) = offered(card.customer_id)
    assert (has_it, bool(missing), lines) == (False, True, 2)
    # Once the campaign is over nothing is offered.
    assert offered(card.customer_id, ON + 30 * ONE) == []


def test_who_has_it_is_told_so() -> None:
    card = card_in_use(spent="700.00")
    ran(approved(rule={"all": [USED, SPENT]}, runs_to=(ON + 30 * ONE).isoformat()))
    assert [one[:2] for one in offered(card.customer_id)] == [(True, "")]


def test_a_dry_run_and_a_stopped_campaign_offer_nothing() -> None:
    card = card_in_use(spent="499.00")
    version = approved(rule={"all": [USED, SPENT]}, runs_to=(ON + 30 * ONE).isoformat())
    dry_run(version)
    assert offered(card.customer_id) == []
    ran(version)
    assert len(offered(card.customer_id)) == 1
    version.campaign.stopped_at = dt.datetime.combine(ON, dt.time(), dt.UTC)
    version.campaign.save()
    assert offered(card.customer_id) == []


def test_the_part_is_about_the_lead_in_hand_alone(client_of: ClientOf) -> None:
    ContactRuleFactory(opens=dt.time(0), closes=dt.time(0))
    set_policy()
    branch = BranchFactory()
    client = client_of(caller(branch, language="en"))
    asked = {"HX-Request": "true"}
    empty = client.get(reverse("call_offers"), headers=asked).content.decode()
    assert "Not a customer of ours (yet)" in empty
    LeadFactory(branch=branch, phone="15400300008")
    client.post(reverse("lead_next"))
    assert reverse("call_offers") in client.get(reverse("call_screen")).content.decode()
    assert CustomerFactory(branch=branch).name not in empty


def test_a_customer_in_hand_is_shown_what_is_offered_with_its_receipt(client_of: ClientOf) -> None:
    card = card_in_use(spent="499.00", customer__phone="15400300009")
    version = approved(rule={"all": [USED, SPENT]}, runs_to=(ON + 30 * ONE).isoformat())
    ran(version)
    ContactRuleFactory(opens=dt.time(0), closes=dt.time(0))
    set_policy()
    ConsentFactory(customer=card.customer, channel="phone")
    me = caller(card.customer.branch, language="en")
    LeadFactory(branch=card.customer.branch, customer=card.customer, phone="15400300009")
    with time_machine.travel(clock.at_time(ON, dt.time(10)), tick=False):
        client = client_of(me)
        client.post(reverse("lead_next"))
        page = client.get(reverse("call_offers"), headers={"HX-Request": "true"})
    [offer] = page.context["offers"]
    said = page.content.decode()
    assert (offer.campaign, offer.has_it, len(offer.lines)) == (version.campaign, False, 2)
    assert offer.missing in said
    assert all(line.name in said for line in offer.lines)
