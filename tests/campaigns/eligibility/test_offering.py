"""What the call screen offers a customer: of campaigns that run, with its receipt."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.eligibility import queries
from tests.campaigns.eligibility.test_near import ONE, SPENT, USED, ran
from tests.factories.campaigns import ON, approved, card_in_use, dry_run
from tests.factories.journeys import ContactRuleFactory, CustomerFactory, LeadFactory
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
