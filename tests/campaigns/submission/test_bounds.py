"""What speaks for a version that waits: its newest dry run, within the bounds approved with it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from campaigns.eligibility import rules as runs
from campaigns.models import Decision
from campaigns.planning import queries as plans
from campaigns.planning.rules import drift
from campaigns.submission import operations as submission
from campaigns.submission import queries
from portal.approvals import operations as approvals
from portal.models import Submission
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
