"""Rules that change list the campaigns that run and break them."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from campaigns.models import CampaignVersion, WordDecision
from campaigns.planning import operations as planning
from campaigns.submission import queries
from journeys.models import ContactHours, ContactRule
from portal.kit import clock
from portal.models import ApprovalLevel
from tests.factories.campaigns import AT, ON, TIER, approved
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def found(on: dt.date = ON) -> dict[str, list[str]]:
    return {
        one.version.campaign.code: [fault.place for fault in one.faults]
        for one in queries.breaking(on=on)
    }


def hours(on: dt.date, **times: Any) -> None:
    for channel in ("sms", "email"):
        for kind in ("workday", "rest"):
            ContactHours.objects.create(
                effective_date=on, channel=channel, day_kind=kind, source="x", **times
            )


@pytest.fixture
def running() -> CampaignVersion:
    """A campaign that keeps every rule, and may run for long."""
    hours(ON - 90 * DAY, opens=dt.time(9), closes=dt.time(20))
    return approved(runs_to="2090-01-01", rewards={"tiers": [TIER | {"name": "小确幸礼"}]})


def forbid(word: str, on: dt.date = ON) -> None:
    WordDecision.objects.create(
        word=word, state="found", level="ban", source="x", effective_date=on,
        decided_by=StaffFactory(role="compliance"), decided_at=AT,
    )  # fmt: skip


def test_a_word_that_is_forbidden_lists_the_campaigns_that_bear_it(
    running: CampaignVersion, client_of: Any
) -> None:
    approved(code="other", stacks_with=["first-gift"], runs_to="2090-01-01")
    assert found() == {}
    client = client_of("compliance")
    assert client.get(reverse("campaigns_breaking")).context["found"] == []
    forbid("小确幸", ON + DAY)
    assert found() == {}
    assert found(ON + DAY) == {"first-gift": ["rewards.tiers[0].name"]}
    # Every page that a person looks at says so.
    (listed,) = client.get(reverse("campaigns_breaking")).context["found"]
    assert listed.version == running
    assert "小确幸" in client.get(reverse("home")).content.decode()
    page = client.get(reverse("campaign_page", args=["first-gift"]))
    assert [fault.place for fault in page.context["breaks"]] == ["rewards.tiers[0].name"]
    assert client.get(reverse("campaign_page", args=["other"])).context["breaks"] == []
    assert "小确幸" not in client_of("analyst").get(reverse("home")).content.decode()


@pytest.mark.parametrize("way", ["stopped", "ended", "not approved"])
def test_what_runs_no_more_breaks_nothing(running: CampaignVersion, way: str) -> None:
    forbid("小确幸")
    assert list(found()) == ["first-gift"]
    if way == "stopped":
        planning.stop_campaign(
            campaign_id=running.campaign_id, reason="x", actor=StaffFactory(role="compliance"),
            at=AT,
        )  # fmt: skip
    elif way == "ended":
        assert found(dt.date(2089, 12, 31)) != {}
        assert found(dt.date(2090, 1, 1)) == {}
        return
    else:
        planning.void_approval(version_id=running.pk, drifts=[], at=AT)
    assert found() == {}


def test_levels_that_ask_for_more_people_list_what_fewer_approved(running: CampaignVersion) -> None:
    for day, needed in ((ON, 1), (ON + DAY, 2)):
        ApprovalLevel.objects.create(
            kind="campaign_version", effective_date=day, measure="cost", at_least=1_000,
            approvals=needed, source="Board",
        )  # fmt: skip
    assert found() == {}
    assert found(ON + DAY) == {"first-gift": ["approval"]}


def test_channels_that_are_closed_list_who_can_tell_nobody(running: CampaignVersion) -> None:
    assert found() == {}
    hours(ON + DAY)
    assert found() == {}
    assert found(ON + DAY) == {"first-gift": ["channels"]}
    first = ContactRule.objects.order_by("effective_date").values_list("effective_date", flat=True)
    before = found(first[0] - DAY)
    assert before["first-gift"][-1] == "channels"
    assert clock.today() > ON
