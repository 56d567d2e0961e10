"""Who reaches it on the campaign's last day is given it: what posted on it is known on the day
after, and is worked off then."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import panels
from campaigns.models import CampaignVersion, Grant, Run
from portal.kit import clock
from tests.factories.campaigns import AT, ON, approved, card_in_use
from tests.factories.journeys import TransactionFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
ONE = dt.timedelta(days=1)
BEGINS = dt.time(21, 30)
EVENING = clock.start_of(ON) + dt.timedelta(hours=21, minutes=30)
ENDS: dict[str, Any] = {"runs_from": "2026-03-01", "runs_to": (ON + ONE).isoformat()}
RULE: dict[str, Any] = {
    "kind": "spending_in_window", "counted_from": "dates", "first_date": "2026-03-01",
    "last_date": ON.isoformat(), "last_day": "inside", "at_least": "500.00",
}  # fmt: skip


def spends_at_last() -> None:
    """As the file of the next morning brings it."""
    TransactionFactory(card=card_in_use("1.00"), amount=Decimal("600.00"), posted_date=ON)


def start(version: CampaignVersion, on: dt.date, at: dt.datetime) -> Run:
    return eligibility.start_run(version_id=version.pk, kind="live", on=on, started_by=None, at=at)


def work(run: Run, at: dt.datetime) -> tuple[str, str, int]:
    eligibility.work_run(run_id=run.pk, now=lambda: at)
    run.refresh_from_db()
    return run.state, run.failure, Grant.objects.count()


def test_the_last_day_is_worked_off_on_the_day_after() -> None:
    version = approved(rule=RULE, **ENDS)
    assert work(start(version, ON, AT), AT) == ("done", "", 0)
    spends_at_last()
    run = start(version, ON, AT + ONE)
    assert work(run, AT + ONE) == ("done", "", 1)
    assert Grant.objects.get().granted_date == ON + ONE


@pytest.mark.parametrize(("on", "days", "error", "words"), [
    (ON - ONE, 1, eligibility.DayPast, "A live run is as of today or yesterday"),
    (ON + ONE, 1, eligibility.OutsideDays, "today a live run is possible as of that day."),
    (ON, 2, eligibility.OutsideDays, "nothing is granted any more."),
    (ON + ONE, 2, eligibility.OutsideDays, "nothing is granted any more."),
    (ON + 2 * ONE, 2, eligibility.OutsideDays, "nothing is granted any more."),
])  # fmt: skip
def test_nothing_else_runs_after_it(
    on: dt.date, days: int, error: type[Exception], words: str
) -> None:
    version = approved(rule=RULE, **ENDS)
    with translation.override("en"), pytest.raises(error) as refused:
        start(version, on, AT + days * ONE)
    assert words in str(refused.value)
    assert not Run.objects.exists()


@pytest.mark.parametrize(("hours", "expected"), [
    # Begun at 14:00 on the day after: 9 hours later it is 23:00.
    (9, ("done", "", 1)), (10, ("stopped", "days_over", 0)),
])  # fmt: skip
def test_it_is_over_with_the_day_after(hours: int, expected: tuple[str, str, int]) -> None:
    version = approved(rule=RULE, **ENDS)
    spends_at_last()
    run = start(version, ON, AT + ONE)
    assert work(run, AT + ONE + dt.timedelta(hours=hours)) == expected


def round_of(days: int, minutes: int = 0) -> list[tuple[str, dt.date]]:
    at = EVENING + days * ONE + dt.timedelta(minutes=minutes)
    found = eligibility.start_due_evening(begins=BEGINS, at=at)
    assert found is not None
    for run in found.runs:
        work(run, at)
    return [(run.version.campaign.code, run.on_date) for run in found.runs]


def test_the_evening_by_the_clock_works_off_once_what_ended_yesterday() -> None:
    approved(rule=RULE, **ENDS)
    approved(code="other", rule=RULE, runs_to="2026-12-01")
    assert round_of(0) == [("first-gift", ON), ("other", ON)]
    spends_at_last()
    assert round_of(1) == [("first-gift", ON), ("other", ON + ONE)]
    assert Grant.objects.filter(campaign__code="first-gift").count() == 1
    assert round_of(1, minutes=2) == []
    assert round_of(2) == [("other", ON + 2 * ONE)]


def test_by_hand_the_evening_of_yesterday_works_it_off_as_well() -> None:
    version = approved(rule=RULE, **ENDS)
    work(start(version, ON, AT), AT)
    spends_at_last()
    found = eligibility.start_evening(on=ON, started_by=None, at=AT + ONE)
    assert [run.version for run in found.runs] == [version]
    assert work(found.runs[0], AT + ONE) == ("done", "", 1)
    assert eligibility.start_evening(on=ON, started_by=None, at=AT + ONE).runs == []


# --- where no evening begins by itself --------------------------------------------------------
def reminded(person: Any) -> list[str]:
    """Of which campaigns the home page of a person says that they are to be worked off."""
    request = RequestFactory().get("/")
    request.user = person
    found = panels.not_started(request)
    return [version.campaign.code for version in found["closing"]] if found else []


@pytest.mark.parametrize(("days", "begins", "expected"), [
    (0, None, []), (1, None, ["first-gift"]), (2, None, []), (1, BEGINS, []),
])  # fmt: skip
def test_its_owner_is_reminded_on_the_day_after(
    client: Any,
    time_machine: Any,
    settings: Any,
    days: int,
    begins: dt.time | None,
    expected: list[str],
) -> None:
    settings.EVENING_RUNS_FROM = begins
    version = approved(rule=RULE, **ENDS)
    approved(code="other", rule=RULE, runs_to="2026-12-01")
    work(start(version, ON, AT), AT)
    time_machine.move_to(AT + days * ONE)
    assert reminded(version.campaign.owner) == expected
    assert reminded(StaffFactory(role="campaign_manager")) == []
    if expected:
        client.force_login(version.campaign.owner)
        home = client.get(reverse("home")).content.decode()
        assert reverse("run_start_live", args=["first-gift"]) in home
        start(version, ON, AT + ONE)
        assert reminded(version.campaign.owner) == []


def test_the_page_of_the_evening_works_off_what_ended_yesterday(
    client: Any, time_machine: Any
) -> None:
    version = approved(rule=RULE, **ENDS)
    time_machine.move_to(AT + ONE)
    client.force_login(StaffFactory(role="campaign_manager", language="en"))
    page = client.get(reverse("evening_start"))
    assert page.context["closing"] == [version]
    assert 'name="on"' in page.content.decode()
    client.post(reverse("evening_start"), {"on": ON.isoformat()})
    assert Run.objects.get().version == version
    assert client.get(reverse("evening_start")).context["closing"] == []
