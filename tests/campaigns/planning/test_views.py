"""Pages of campaigns."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.eligibility import operations as eligibility
from campaigns.models import Campaign, CampaignVersion
from campaigns.planning.forms import StopForm
from portal.kit import clock
from portal.models import Submission
from tests.executing import executes
from tests.factories.campaigns import (
    AT,
    ON,
    approved,
    card_in_use,
    draft,
    dry_run,
    submission_settings,
)

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]


def test_the_list_names_every_campaign(client_of: Clients) -> None:
    client = client_of("analyst")
    assert client.get(reverse("campaign_list")).context["page"].rows == []
    draft()
    approved(code="second")
    rows = client.get(reverse("campaign_list")).context["page"].rows
    assert [(row.code, row.latest[0].state) for row in rows] == [
        ("second", "approved"), ("first-gift", "draft"),
    ]  # fmt: skip


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_a_fixed_number_of_questions(
    client_of: Clients, rows: int, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for number in range(rows):
        draft(code=f"c{number}")
    client = client_of("analyst")
    with django_assert_max_num_queries(8):
        client.get(reverse("campaign_list"))


def test_a_page_says_the_rule_and_leads_to_the_approval(client_of: Clients) -> None:
    version = draft()
    client = client_of(version.created_by)
    page = client.get(reverse("campaign_page", args=["first-gift"]))
    assert len(page.context["clause"].parts) == 4
    assert page.context["submission"] is None
    submission_settings()
    dry_run(version, on=clock.today(), at=clock.now())
    client.post(reverse("campaign_submit", args=[version.pk]))
    version.refresh_from_db()
    assert version.state == "submitted"
    submission = Submission.objects.get()
    page = client.get(reverse("campaign_version", args=[version.pk]))
    assert page.context["submission"] == submission
    assert reverse("approval_page", args=[submission.pk]) in page.content.decode()


def test_submitting_twice_is_refused_in_words(client_of: Clients) -> None:
    version = draft()
    client = client_of(version.created_by)
    submission_settings()
    dry_run(version, on=clock.today(), at=clock.now())
    for _time in range(2):
        client.post(reverse("campaign_submit", args=[version.pk]))
    assert Submission.objects.count() == 1


def test_submitting_needs_a_post_and_the_permission(client_of: Clients) -> None:
    version = draft()
    url = reverse("campaign_submit", args=[version.pk])
    assert client_of(version.created_by).get(url).status_code == 405
    assert client_of("approver").post(url).status_code == 403
    version.refresh_from_db()
    assert version.state == "draft"


@executes(StopForm, "reason", way=("stop", "lift"))
def test_compliance_stops_a_campaign_and_lifts_the_stop(client_of: Clients) -> None:
    approved()
    client, url = client_of("compliance"), reverse("campaign_stop", args=["first-gift"])
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": " ", "way": "stop"}).context["form"].is_valid() is False
    assert not Campaign.objects.get().is_stopped
    client.post(url, {"reason": "complaint", "way": "stop"})
    assert Campaign.objects.get().is_stopped
    shown = client.get(reverse("campaign_page", args=["first-gift"])).context["stopped"]
    assert (shown.reason, shown.role) == ("complaint", "compliance")
    page = client.get(reverse("campaign_page", args=["first-gift"]))
    assert page.status_code == 200
    client.post(url, {"reason": "settled", "way": "lift"})
    assert not Campaign.objects.get().is_stopped
    assert client_of("campaign_manager").post(url, {"reason": "x"}).status_code == 403


def test_a_stop_that_comes_second_never_lifts_the_first(client_of: Clients) -> None:
    """Two officers open the page and both press stop."""
    approved()
    url = reverse("campaign_stop", args=["first-gift"])
    first, second = client_of("compliance"), client_of("compliance")
    ways = [page.get(url).context["form"]["way"].value() for page in (first, second)]
    assert ways == ["stop", "stop"]
    first.post(url, {"reason": "complaint", "way": ways[0]})
    assert second.post(url, {"reason": "complaint", "way": ways[1]}).status_code == 302
    assert Campaign.objects.get().is_stopped
    assert second.post(url, {"reason": "x"}).context["form"].is_valid() is False
    assert Campaign.objects.get().is_stopped


def test_a_campaign_without_a_version_has_a_page(client_of: Clients) -> None:
    version = draft()
    CampaignVersion.objects.filter(pk=version.pk).delete()
    page = client_of("campaign_manager").get(reverse("campaign_page", args=["first-gift"]))
    assert page.context["shown"] is None


def test_the_page_of_a_stop_says_what_it_ends(client_of: Clients) -> None:
    version = approved()
    card_in_use()
    address = reverse("campaign_stop", args=["first-gift"])
    client = client_of("compliance")
    page = client.get(address)
    assert (page.context["going"], page.context["waiting"]) == (None, 0)
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    assert client.get(address).context["going"] == run
    eligibility.work_run(run_id=run.pk, now=lambda: AT)
    page = client.get(address)
    assert (page.context["going"], page.context["waiting"]) == (None, 1)
    client.post(address, {"way": "stop", "reason": "wrong"})
    person = client_of("campaign_manager")
    for kind, offers in (("live", False), ("preview", True)):
        start = person.get(reverse(f"run_start_{kind}", args=["first-gift"]))
        assert ("id_on" in start.content.decode()) is offers
