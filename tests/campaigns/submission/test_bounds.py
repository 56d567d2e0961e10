"""What speaks for a version that waits: its newest dry run, within the bounds approved with it."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from campaigns.eligibility import rules as runs
from campaigns.models import CampaignVersion, Decision
from campaigns.planning import queries as plans
from campaigns.planning.rules import drift
from campaigns.submission import operations as submission
from campaigns.submission import queries
from portal.approvals import operations as approvals
from portal.approvals import queries as standing
from portal.models import ApprovalLevel, Submission
from tests.campaigns.submission.test_operations import (
    bounds,
    decide,
    given,
    in_force,
    levels,
    live,
)
from tests.factories.campaigns import AT, ON, TIER, card_in_use, draft, dry_run, hand_in
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def test_an_older_day_reckoned_once_more_does_not_hide_a_drift() -> None:
    version = draft()
    card_in_use()
    bounds()
    hand_in(version)
    for _number in range(20):
        card_in_use()
    dry_run(version, on=ON + DAY, at=AT + DAY)
    Decision.objects.all().delete()
    dry_run(version, on=ON - DAY, at=AT + DAY)
    with pytest.raises(approvals.ChangedSince, match="21"):
        decide(version, "approve")
    assert version.state == "returned"


def test_the_bounds_that_were_approved_bind_and_so_do_those_in_force() -> None:
    """One person widens the rule of today after the approval; that another narrows it, counts."""
    version = in_force(10)
    assert Submission.objects.get().snapshot["figures"]["bounds"] == {
        "audience_percent": 10, "audience_slack": 0, "cost_percent": 10, "cost_slack": "0.00",
    }  # fmt: skip
    bounds(effective_date=ON, audience_percent=100, audience_slack=1000, cost_percent=100,
           cost_slack=100_000)  # fmt: skip
    figures = Submission.objects.get().snapshot["figures"]
    assert plans.bounds_of(figures, on=ON) == drift.Bounds(10, 0, 10, Decimal(0))
    for _number in range(5):
        card_in_use()
    run = live(version)
    assert (run.state, run.failure, given()) == ("stopped", runs.DRIFTED, (0, 0))
    bounds(effective_date=ON + DAY, audience_percent=5, cost_slack=7)
    assert plans.bounds_of(figures, on=ON + DAY) == drift.Bounds(5, 0, 10, Decimal(0))


@pytest.mark.parametrize(("age", "is_ready"), [(7, True), (8, False)])
def test_an_approval_rests_on_a_dry_run_that_is_not_old(age: int, is_ready: bool) -> None:
    version, later = draft(), AT + age * DAY
    bounds()
    hand_in(version)
    row, checker = Submission.objects.get(), StaffFactory(role="approver")

    def approve() -> None:
        approvals.decide(
            submission_id=row.pk, checker=checker, verdict="approve", reason="", at=later
        )

    if not is_ready:
        with translation.override("en"), pytest.raises(approvals.NotReady) as refused:
            approve()
        assert str(refused.value) == (
            "The latest dry run is as of 2026-06-30; one of the last 7 days is needed."
        )
        version.refresh_from_db()
        assert (version.state, row.decisions.count()) == ("submitted", 0)
        on = ON + age * DAY
        lacks = queries.page_of(version, on=on)["waits_for"]
        assert (lacks.run.on_date, lacks.asks_run) == (ON, True)
        # A new one within the bounds is what is asked for; nothing need be submitted again.
        dry_run(version, on=on, at=later)
        assert queries.page_of(version, on=on)["waits_for"] is None
    approve()
    version.refresh_from_db()
    assert version.state == "approved"


@pytest.mark.parametrize(("budgets", "needed"), [
    (("19999.99",), 1), (("20000.00",), 2), (("15000.00", "4999.99"), 1),
    (("15000.00", "5000.00"), 2), (("20000.00", None), None),
])  # fmt: skip
def test_the_cost_that_is_approved_may_be_bounded_by_the_budgets_of_tiers(
    budgets: tuple[str | None, ...], needed: int | None
) -> None:
    rewards = {"mode": "each", "tiers": [
        TIER | {"code": f"t{number}", "budget": budget} for number, budget in enumerate(budgets)
    ]}  # fmt: skip
    version = draft(budget={}, rewards=rewards)
    bounds()
    levels(("cost", 20_000, 2))
    dry_run(version)
    if needed is None:
        with pytest.raises(submission.PlanNotFit):
            submission.submit_version(version_id=version.pk, maker=version.created_by, at=AT)
        assert not Submission.objects.exists()
        return
    submission.submit_version(version_id=version.pk, maker=version.created_by, at=AT)
    assert Submission.objects.get().approvals_needed == needed


def raised(approvals_needed: int) -> None:
    ApprovalLevel.objects.create(
        kind="campaign_version", effective_date=ON, measure="cost", at_least=0,
        approvals=approvals_needed, source="Board",
    )  # fmt: skip


def missing(version: CampaignVersion, on: dt.date = ON) -> list[tuple[int, int]]:
    rows = standing.history_of(kind="campaign_version", target_key=str(version.pk))
    found = standing.missing_of(rows, on=on)
    return [(one.count, one.needed) for one in found.values()]


def test_levels_that_rise_while_a_version_waits_bind_its_approval() -> None:
    version = draft()
    card_in_use()
    hand_in(version)
    assert missing(version) == [(1, 1)]
    raised(3)
    assert (missing(version, ON - DAY), missing(version)) == ([(1, 1)], [(3, 3)])
    states = []
    for number in (2, 1, 0):
        decide(version, "approve")
        states.append(version.state)
        assert missing(version) == ([(number, 3)] if number else [])
    assert states == ["submitted", "submitted", "approved"]


def test_levels_that_fall_while_a_version_waits_leave_what_it_was_submitted_to() -> None:
    version = draft()
    card_in_use()
    levels(("cost", 0, 2))
    hand_in(version)
    raised(1)
    decide(version, "approve")
    assert (version.state, missing(version)) == ("submitted", [(1, 2)])
    decide(version, "approve")
    assert version.state == "approved"


def test_pages_say_how_many_the_levels_of_the_day_ask_for(
    client_of: Any, time_machine: Any
) -> None:
    time_machine.move_to(AT)
    version = draft()
    card_in_use()
    hand_in(version)
    raised(3)
    client = client_of("approver")
    client.post(reverse("set_language"), {"language": "en"})
    row = Submission.objects.get()
    for address, words in (
        (reverse("approval_page", args=[row.pk]), "0 of 3"),
        (reverse("approval_list"), "0 of 3"),
        (reverse("campaign_list"), "0 of 3 approved"),
        (reverse("campaign_version", args=[version.pk]), "0 of 3 approved"),
    ):
        assert words in client.get(address).content.decode(), address
