"""A stop that is lifted: what was submitted meanwhile did not know of the campaign."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from campaigns.models import Campaign, CampaignVersion, ExclusiveGroup
from campaigns.planning import operations as planning
from campaigns.submission import operations as submission
from portal.approvals import operations as approvals
from portal.models import AuditEntry, Staff, Submission
from tests.factories.campaigns import AT, approve, draft, hand_in
from tests.factories.journeys import ProductFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db


def compliance() -> Staff:
    return StaffFactory(role="compliance")


def stop(version: CampaignVersion) -> None:
    planning.stop_campaign(
        campaign_id=version.campaign_id, reason="complaint", actor=compliance(), at=AT
    )


def lift(version: CampaignVersion) -> None:
    planning.lift_stop(campaign_id=version.campaign_id, reason="settled", actor=compliance(), at=AT)


def sign(version: CampaignVersion) -> None:
    approvals.decide(
        submission_id=Submission.objects.get(target_key=str(version.pk)).pk,
        checker=StaffFactory(role="approver"), verdict="approve", reason="", at=AT,
    )  # fmt: skip


def is_stopped(version: CampaignVersion) -> bool:
    return Campaign.objects.get(pk=version.campaign_id).is_stopped


def in_force(code: str, **changes: Any) -> CampaignVersion:
    version = draft(code=code, **changes)
    hand_in(version)
    sign(version)
    return version


@pytest.mark.parametrize("mine", ["approved", "submitted"])
@pytest.mark.parametrize("theirs", ["approved", "submitted"])
def test_a_stop_stays_where_another_rewards_the_same_spending_by_now(
    mine: str, theirs: str
) -> None:
    first = draft(code="first")
    hand_in(first)
    if mine == "approved":
        sign(first)
    stop(first)
    second = draft(code="second", name_en="Second")
    hand_in(second)
    if theirs == "approved":
        sign(second)
    with translation.override("en"), pytest.raises(planning.WouldOverlap) as refused:
        lift(first)
    assert str(refused.value) == (
        "The stop stays: First gift would reward again what others reward. Second (second) gives "
        "the same customers the same kind of reward for the same spending, for: Gold card. Have a "
        "new version of it approved first, or stop the other campaign."
    )
    assert is_stopped(first)
    assert not AuditEntry.objects.filter(action="campaign.stop_lifted").exists()


def test_it_is_lifted_once_the_other_is_stopped_and_then_the_other_stays_stopped() -> None:
    first = in_force("first")
    stop(first)
    second = in_force("second")
    stop(second)
    lift(first)
    assert not is_stopped(first)
    with pytest.raises(planning.WouldOverlap):
        lift(second)
    assert is_stopped(second)


@pytest.mark.parametrize("changes", [
    {"products": ["SILVER"]}, {"stacks_with": ["first"]},
    {"issued_from": "2026-06-01", "issued_to": "2026-07-01"},
])  # fmt: skip
def test_what_does_not_meet_or_is_meant_does_not_keep_it_stopped(changes: dict[str, Any]) -> None:
    ProductFactory(code="SILVER")
    first = in_force("first")
    stop(first)
    in_force("second", **changes)
    lift(first)
    assert not is_stopped(first)


@pytest.mark.parametrize("days", [None, 30])
def test_a_group_keeps_them_apart_by_itself(days: int | None) -> None:
    ExclusiveGroup.objects.create(
        code="gifts", name="礼品", name_en="Gifts", days=days, source="Board",
        decided_by=compliance(), decided_at=AT,
    )  # fmt: skip
    first = in_force("first", group="gifts")
    stop(first)
    in_force("second", group="gifts", priority=7)
    lift(first)
    assert not is_stopped(first)


def test_neither_does_what_has_ended_or_whose_approval_is_gone() -> None:
    first = in_force("first")
    stop(first)
    over = draft(code="over", runs_from="2026-01-01", runs_to="2026-06-30")
    approve(over)
    returned = draft(code="returned", stacks_with=["over"])
    hand_in(returned)
    approvals.withdraw(
        submission_id=Submission.objects.get(target_key=str(returned.pk)).pk,
        maker=returned.created_by, at=AT,
    )  # fmt: skip
    lift(first)
    assert not is_stopped(first)


def test_a_new_version_that_leaves_the_others_customers_out_is_the_way_on() -> None:
    first = in_force("first")
    stop(first)
    in_force("second")
    with pytest.raises(submission.PlanNotFit):
        hand_in(draft(code="first", name_en="Again"))
    in_force("first", stacks_with=["second"])
    lift(first)
    assert not is_stopped(first)


def test_the_page_says_why_the_stop_stays(client_of: Callable[..., Client]) -> None:
    first = in_force("first")
    stop(first)
    in_force("second", name_en="Second")
    client = client_of("compliance")
    client.post(reverse("set_language"), {"language": "en"})
    url = reverse("campaign_stop", args=["first"])
    text = client.post(url, {"reason": "settled", "way": "lift"}, follow=True).content.decode()
    assert "The stop stays: First gift would reward again" in text
    assert is_stopped(first)
