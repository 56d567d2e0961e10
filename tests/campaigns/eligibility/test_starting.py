"""As of which days a live run may be, and whose customers it may be about."""

import datetime as dt
from decimal import Decimal

import pytest

from campaigns.eligibility import operations as eligibility
from campaigns.models import Grant, Run
from journeys.models import Message
from portal.models import AuditEntry
from portal.staff import access
from portal.staff.enums import Permission
from portal.staff.rules import PERMISSIONS
from tests.factories.campaigns import AT, ON, approved, card_in_use
from tests.factories.journeys import TransactionFactory
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("days", "refusal"),
    [(0, None), (1, None), (2, eligibility.DayPast), (21, eligibility.DayPast)],
)
def test_a_live_run_is_as_of_today_or_yesterday(days: int, refusal: type[Exception] | None) -> None:
    version, on = approved(), ON - dt.timedelta(days=days)
    card = card_in_use(spent="600.00")
    TransactionFactory(card=card, amount=Decimal("-600.00"), posted_date=ON)
    start = {"version_id": version.pk, "on": on, "started_by": None, "at": AT}
    if refusal is None:
        assert eligibility.start_run(kind="live", **start).on_date == on
        return
    with pytest.raises(refusal):
        eligibility.start_run(kind="live", **start)
    assert (Run.objects.count(), Grant.objects.count(), Message.objects.count()) == (0, 0, 0)
    assert eligibility.start_run(kind="dry_run", **start).on_date == on


def test_nobody_starts_a_live_run_about_customers_of_branches_of_others() -> None:
    """A campaign manager is of the whole bank, wherever he sits; a role that is not would give to
    the customers alone whom it may see."""
    branch, other = BranchFactory(code="B8"), BranchFactory(code="B9")
    version = approved(branches=["B8"])
    start = {"version_id": version.pk, "on": ON, "at": AT}
    with pytest.raises(eligibility.OutOfScope):
        eligibility.start_run(
            kind="live", started_by=StaffFactory(role="branch_manager", branch=other), **start
        )
    assert (Run.objects.count(), AuditEntry.objects.filter(action="run.started").count()) == (0, 0)
    own = StaffFactory(role="branch_manager", branch=branch)
    run = eligibility.start_run(kind="live", started_by=own, **start)
    eligibility.work_run(run_id=run.pk, now=lambda: AT)
    whole = approved(code="whole")
    with pytest.raises(eligibility.OutOfScope):
        eligibility.start_run(kind="live", started_by=own, version_id=whole.pk, on=ON, at=AT)
    manager = StaffFactory(role="campaign_manager", branch=branch)
    assert access.scope_of(manager).branch_path == ""
    assert (
        eligibility.start_run(
            kind="live", started_by=manager, version_id=whole.pk, on=ON, at=AT
        ).started_by
        == manager
    )


def test_who_runs_campaigns_sees_the_customers_of_the_whole_bank() -> None:
    running = {role for role, may in PERMISSIONS.items() if Permission.RUN_CAMPAIGNS in may}
    assert running
    for role in running:
        person = StaffFactory(role=role, branch=BranchFactory())
        assert access.scope_of(person).branch_path == ""


@pytest.mark.parametrize(("days", "is_refused"), [(0, False), (1, True)])
def test_a_live_run_is_as_of_a_day_of_the_campaign(days: int, is_refused: bool) -> None:
    version = approved(runs_from=ON.isoformat())
    start = {"version_id": version.pk, "kind": "live", "started_by": None, "at": AT}
    if is_refused:
        with pytest.raises(eligibility.OutsideDays):
            eligibility.start_run(on=ON - dt.timedelta(days=days), **start)
        assert not Run.objects.exists()
    else:
        eligibility.start_run(on=ON - dt.timedelta(days=days), **start)


@pytest.mark.parametrize(
    ("hours", "state", "failure", "granted"),
    # Started at 14:00 as of the day before: 33 hours later it is 23:00 of the next day.
    [(33, "done", "", 1), (34, "stopped", "day_past", 0)],
)
def test_what_was_begun_before_midnight_is_worked_off_after_it(
    hours: int, state: str, failure: str, granted: int
) -> None:
    version = approved()
    card_in_use()
    run = eligibility.start_run(
        version_id=version.pk, kind="live", on=ON - dt.timedelta(days=1), started_by=None, at=AT
    )
    eligibility.work_run(run_id=run.pk, now=lambda: AT + dt.timedelta(hours=hours))
    run.refresh_from_db()
    assert (run.state, run.failure, Grant.objects.count()) == (state, failure, granted)
    assert run.is_outdated == (failure == "day_past")
