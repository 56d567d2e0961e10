"""The measures that the tables know, against rows counted by hand."""

import datetime as dt
from decimal import Decimal

import pytest

from journeys.targets import operations, queries
from journeys.targets.enums import Level
from journeys.targets.rules import measures
from journeys.targets.rules.measures import Told
from journeys.telemarketing.models import Callback
from portal.approvals import operations as approvals
from portal.kit import clock
from portal.models import Branch, Staff
from tests.factories import leads, quality
from tests.factories import targets as made
from tests.factories.journeys import CardFactory, LeadFactory, ProductFactory
from tests.factories.portal import BranchFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
FIRST, LAST = dt.date(2026, 3, 1), dt.date(2026, 3, 31)


def told(code: str, of: Branch | Staff | object, level: Level = Level.PERSON) -> Told:
    measure = measures.find_measure(code)
    assert measure is not None
    return queries.value(measure, level, of.pk, FIRST, LAST)  # type: ignore[attr-defined]


def test_every_measure_can_be_told_at_each_of_its_levels() -> None:
    """Also of somebody who did nothing: counts are none, rates are not known."""
    region = BranchFactory()
    person = leads.caller(BranchFactory(parent=region))
    team = row_of("portal.Team", branch=person.branch)
    whose = {Level.BRANCH: region, Level.TEAM: team, Level.PERSON: person}
    for one in measures.all_measures():
        for level in one.levels:
            value = told(one.code, whose[level], level).value
            assert value == (0 if one.is_additive else None), (one.code, level)


def test_cards_are_credited_to_who_called_and_to_the_branch_with_those_below() -> None:
    region = BranchFactory()
    branch = BranchFactory(parent=region)
    team = row_of("portal.Team", branch=branch)
    person = leads.caller(branch, team=team)
    for day in (FIRST, LAST):
        made.sold(person, day)
    for day in (FIRST - dt.timedelta(days=1), LAST + dt.timedelta(days=1)):
        made.sold(person, day)
    CardFactory(customer__branch=branch, issued_date=FIRST)
    CardFactory(customer__branch=branch, issued_date=FIRST, is_primary=False)
    assert told("cards_issued", person).value == 2
    assert told("cards_issued", team, Level.TEAM).value == 2
    assert told("cards_issued", branch, Level.BRANCH).value == 3
    assert told("cards_issued", region, Level.BRANCH).value == 3
    assert told("cards_issued", BranchFactory(), Level.BRANCH).value == 0


def test_a_measure_may_be_told_of_one_product() -> None:
    person = leads.caller(BranchFactory())
    made.sold(person, FIRST)
    other = ProductFactory(code="OTHER")
    measure = measures.find_measure("cards_issued")
    assert measure is not None
    asked = measures.Asked(Level.PERSON, [person.pk], FIRST, LAST, other.pk)
    assert list(measure.read(asked)) == []


def test_cards_in_use_and_those_looked_at_after_ninety_days() -> None:
    person = leads.caller(BranchFactory())
    used = {"activated_date": FIRST, "first_used_date": FIRST}
    made.sold(person, FIRST, **used)
    made.sold(person, FIRST, **used, closed_date=LAST)
    made.sold(person, FIRST)
    assert told("cards_in_use", person) == Told(Decimal("33.33"), Decimal(1), Decimal(3))
    early = FIRST - dt.timedelta(days=90)
    for after, closed in ((90, None), (91, 91), (None, 90)):
        made.sold(
            person, early,
            activated_date=early if after else None,
            first_used_date=early + dt.timedelta(days=after) if after else None,
            closed_date=early + dt.timedelta(days=closed) if closed else None,
        )  # fmt: skip
    made.sold(person, early - dt.timedelta(days=1), **{**used, "activated_date": early})
    assert told("used_in_time", person) == Told(Decimal("33.33"), Decimal(1), Decimal(3))
    assert told("open_in_time", person) == Told(Decimal("66.67"), Decimal(2), Decimal(3))


def test_calls_and_those_that_reached_the_person_by_the_banks_day() -> None:
    person = leads.caller(BranchFactory())
    leads.set_policy()
    late = clock.start_of(LAST + dt.timedelta(days=1))
    for at, code, flags in (
        (clock.start_of(FIRST) + dt.timedelta(hours=1), "tried", {"is_reached": True}),
        (late - dt.timedelta(hours=1), "busy", {"is_reached": False}),
        (late + dt.timedelta(hours=1), "tried", {"is_reached": True}),
    ):
        hold = quality.held(LeadFactory(branch=person.branch), person, at, seconds=60)
        row_of(
            "journeys.LeadCall", hold=hold, disposition=leads.outcome(code, **flags),
            called_at=hold.called_at, wrapped_at=hold.called_at,
        )  # fmt: skip
    assert told("calls_made", person).value == 2
    assert told("persons_reached", person).value == 1
    assert told("calls_made", person.branch, Level.BRANCH).value == 2


def test_calls_that_were_read_without_those_that_were_set_aside() -> None:
    person = leads.caller(BranchFactory())
    at = clock.start_of(FIRST) + dt.timedelta(hours=10)
    cases = [
        quality.drawn(quality.held(LeadFactory(branch=person.branch), person, at))
        for _number in range(3)
    ]
    quality.read(cases[0])
    quality.read(cases[1], identity="missed")
    assert told("quality_mark", person) == Told(Decimal(70), Decimal(140), Decimal(2))
    assert told("calls_clean", person) == Told(Decimal(50), Decimal(1), Decimal(2))
    cases[1].refresh_from_db()
    dispute = row_of("journeys.QualityDispute", case=cases[1])
    row_of("journeys.QualityDecision", dispute=dispute, verdict="set_aside")
    assert told("calls_clean", person) == Told(Decimal(100), Decimal(1), Decimal(1))


def test_complaints_are_upheld_when_they_are_closed_with_a_person_as_cause() -> None:
    person = leads.caller(BranchFactory())
    closed = {
        "state": "closed", "answered_date": FIRST, "closed_date": FIRST, "remedy": "x",
        "opened_date": FIRST, "branch": person.branch,
    }  # fmt: skip
    row_of("journeys.Complaint", **closed, cause_kind="staff", cause_staff=person)
    row_of("journeys.Complaint", **closed, cause_kind="unfounded")
    row_of("journeys.Complaint", branch=person.branch, opened_date=LAST)
    assert told("complaints_upheld", person).value == 1
    assert told("complaints_upheld", person.branch, Level.BRANCH).value == 1
    assert told("complaints_opened", person.branch, Level.BRANCH).value == 3


def test_promises_that_were_kept_in_time() -> None:
    person = leads.caller(BranchFactory())
    at = clock.start_of(LAST)
    for end in ("kept", "kept", "late", "dropped"):
        row = row_of("journeys.Callback", owner=person)
        Callback.objects.filter(pk=row.pk).update(ended_at=at, end=end)
    assert told("promises_kept", person) == Told(Decimal("66.67"), Decimal(2), Decimal(3))


def test_cards_of_persons_are_the_cards_that_are_counted() -> None:
    one, other = leads.caller(BranchFactory()), leads.caller(BranchFactory())
    cards = [made.sold(one, FIRST), made.sold(other, LAST), made.sold(one, LAST)]
    measure = measures.find_measure("cards_issued")
    assert measure is not None
    assert measure.cards is not None
    found = list(measure.cards([one.pk, other.pk], FIRST, LAST))
    assert found == [(one.pk, cards[0].pk)]
    end = LAST + dt.timedelta(days=1)
    assert len(list(measure.cards([one.pk, other.pk], FIRST, end))) == 3


def test_targets_of_issue_are_told_as_they_were_known() -> None:
    first = made.approved(made.plan(period="month", first_date=made.MONTH, total=Decimal(22)))
    later = made.AT + dt.timedelta(days=9)
    again = operations.next_version(plan_id=first.pk, why="总行调整", actor=first.owner, at=later)
    node = made.root(again)
    operations.set_month(
        node_id=node.pk, month=made.MONTH, value=Decimal(44), actor=first.owner, at=later
    )
    operations.submit_plan(plan_id=again.pk, actor=first.owner, at=later)
    again.refresh_from_db()
    approvals.decide(
        submission_id=again.submission_id, checker=made.checker(), verdict="approve", reason="",
        at=later,
    )  # fmt: skip
    instant = dt.timedelta(microseconds=1)
    found = [
        queries.issue_targets("branch", [first.branch_id], dt.date(2026, 3, 31), known)
        for known in (made.AT, made.AT + instant, later, later + instant, None)
    ]
    assert [one and one[first.branch_id].target for one in found] == [{}, 22, 22, 44, 44]
    assert found[-1][first.branch_id].due == 44
    assert queries.issue_targets("person", [first.branch_id], made.MONTH) == {}
