"""Which version of a campaign may run live: the last that was ever approved, while it is."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import rules as runs
from campaigns.models import CampaignVersion, Draft, Run
from campaigns.planning import operations as planning
from campaigns.planning import queries
from tests.campaigns.submission.test_operations import bounds, decide, given, live
from tests.factories.campaigns import AT, ON, approved, card_in_use, draft, hand_in
from tests.factories.journeys import ContactRuleFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db


def two(customers: int = 10) -> tuple[CampaignVersion, CampaignVersion]:
    """A version that ran, and a later one that is in force, with narrow bounds."""
    ContactRuleFactory()
    for _number in range(customers):
        card_in_use()
    bounds()
    found = []
    for name in ("First", "Second"):
        version = draft(name_en=name)
        hand_in(version)
        decide(version, "approve")
        found.append(version)
    return found[0], found[1]


def refused(version: CampaignVersion) -> None:
    """Neither an operation nor a row begins a live run of it."""
    before = Run.objects.count()
    with pytest.raises(eligibility.NotInForce):
        live(version)
    words = "a live run is of the version in force"
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        Run.objects.create(version=version, kind="live", on_date=ON, started_at=AT)
    assert (Run.objects.count(), given()) == (before, (0, 0))


def drifted(version: CampaignVersion) -> None:
    for _number in range(2):
        card_in_use()
    assert live(version).failure == runs.DRIFTED
    version.refresh_from_db()
    assert version.state == "returned"


def test_an_earlier_version_does_not_run_once_a_later_one_was_approved() -> None:
    first, second = two()
    assert queries.approved_version(first.campaign) == second
    refused(first)
    assert (live(second).state, given()) == ("done", (10, 10))


def test_nor_while_the_approval_of_the_later_one_is_void() -> None:
    first, second = two()
    drifted(second)
    assert queries.approved_version(first.campaign) is None
    refused(first)
    # What is not approved is not even asked about what came later.
    with pytest.raises(eligibility.NotApproved):
        live(second)
    hand_in(second)
    decide(second, "approve")
    assert (live(second).state, given()) == ("done", (12, 12))


def test_nor_after_a_veto_whose_stop_was_lifted() -> None:
    first, second = two()
    decide(second, "veto", compliance := StaffFactory(role="compliance"))
    planning.lift_stop(campaign_id=first.campaign_id, reason="x", actor=compliance, at=AT)
    refused(first)


def test_an_earlier_version_comes_back_as_a_new_one(client_of: Callable[..., Client]) -> None:
    first, second = two()
    drifted(second)
    client = client_of("campaign_manager")
    page = client.get(reverse("campaign_page", args=["first-gift"]))
    assert page.context["last_approved"] == second
    assert reverse("run_start_live", args=["first-gift"]) not in page.content.decode()
    old = client.get(reverse("campaign_version", args=[first.pk])).content.decode()
    assert f'name="version" value="{first.number}"' in old
    url = reverse("design_edit", args=["first-gift"])
    for number in ("9", "x", "-1"):
        assert client.post(url, {"version": number}).status_code == 404
    client.post(url, {"version": first.number})
    made = Draft.objects.get()
    assert made.based_on == first
    client.post(reverse("design_save", args=[made.pk]), {"revision": made.revision})
    third = CampaignVersion.objects.get(number=3)
    assert third.content == first.content
    hand_in(third)
    decide(third, "approve")
    assert (live(third).state, given()) == ("done", (12, 12))
    refusing = [eligibility.NotInForce, eligibility.NotApproved]
    for version, error in zip([first, second], refusing, strict=True):
        with pytest.raises(error):
            live(version)


def test_a_run_that_is_going_on_keeps_its_version() -> None:
    first = approved()
    card_in_use()
    run = eligibility.start_run(version_id=first.pk, kind="live", on=ON, started_by=None, at=AT)
    approved(name_en="Later")
    eligibility.work_run(run_id=run.pk, now=lambda: AT)
    run.refresh_from_db()
    assert (run.state, given()) == ("done", (1, 1))


def test_when_a_version_was_approved_first_stays() -> None:
    version = approved()
    assert version.first_approved_at == version.approved_at == AT
    CampaignVersion.objects.update(first_approved_at=None)
    version.refresh_from_db()
    assert version.first_approved_at == AT


def test_names_shown_stay_those_of_the_version_that_was_approved_last() -> None:
    _first, second = two()
    drifted(second)
    draft(name_en="Third")
    second.campaign.refresh_from_db()
    assert second.campaign.name_en == "Second"
