"""Promised calls: somebody who is there always has each, whoever is away."""

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from journeys.models import Callback, Lead, LeadMove
from journeys.telemarketing import operations, queries
from journeys.telemarketing.enums import LeadState
from merchants.models import PostAbsence
from merchants.posts import operations as posts
from portal.kit import clock
from portal.models import Branch, Staff, Team
from portal.staff import operations as people
from portal.staff.access import Scope
from tests.factories.journeys import INSTANT, ContactRuleFactory
from tests.factories.leads import called, caller, set_policy
from tests.factories.portal import BranchFactory, StaffFactory
from tests.journeys.telemarketing.test_next import given, lead, refused

pytestmark = pytest.mark.django_db
AT = INSTANT  # noon of a Monday
HOURS, DAYS = dt.timedelta(hours=1), dt.timedelta(days=1)
TODAY = clock.bank_day(AT)
EVERYWHERE = Scope("")
Capture = Callable[..., Any]


@pytest.fixture
def branch() -> Branch:
    ContactRuleFactory()
    set_policy()
    return BranchFactory()


@pytest.fixture
def boss(branch: Branch) -> Staff:
    return StaffFactory(role="branch_manager", branch=branch)


def promised(me: Staff, days: int = 1, at: dt.datetime = AT) -> Callback:
    """A call to the next lead, with a promise so many days later."""
    given(me, at)
    return called(me, at, code="promised", promised_at=at + days * DAYS).callback


def absent(one: Staff, boss: Staff, first: int, last: int | None = None) -> PostAbsence:
    return posts.record_absence(
        staff=one, kind="leave", first_date=TODAY + first * DAYS,
        last_date=TODAY + (first if last is None else last) * DAYS, actor=boss, at=AT,
    )[0]  # fmt: skip


def owner_of(row: Callback) -> tuple[Staff, str, Staff | None]:
    row.refresh_from_db()
    return row.owner, row.why, row.lead.owner


def team_of(branch: Branch, code: str) -> Team:
    return Team.objects.create(branch=branch, code=code, name=code, name_en=code)


def test_a_promise_has_an_owner_and_a_deputy_of_the_team(branch: Branch) -> None:
    team = team_of(branch, "T1")
    me, _other, mate = caller(branch, team=team), caller(branch), caller(branch, team=team)
    lead(branch)
    row = promised(me)
    assert (row.owner, row.why, row.deputy, row.promised_at, row.made_at) == (
        me, "promised", mate, AT + DAYS, AT,
    )  # fmt: skip


@pytest.mark.parametrize(("late", "end"), [(0, "kept"), (30, "kept"), (31, "late")])
def test_a_call_keeps_the_promise_or_comes_late(branch: Branch, late: int, end: str) -> None:
    me = caller(branch)
    one = lead(branch)
    row = promised(me)
    then = AT + DAYS + dt.timedelta(minutes=late)
    assert given(me, then) == one
    called(me, then, code="applied")
    row.refresh_from_db()
    assert (row.end, row.ended_at) == (end, then)
    share = queries.kept_share(scope=EVERYWHERE, at=then, staff_id=me.pk)
    assert (share.of, share.whole) == (int(end == "kept"), 1)


def test_a_promise_may_be_followed_by_another(branch: Branch) -> None:
    me = caller(branch)
    lead(branch)
    first = promised(me)
    second = promised(me, at=AT + DAYS)
    first.refresh_from_db()
    assert (first.end, second.end, second.lead) == ("kept", "", first.lead)


def test_a_lead_that_ends_drops_its_promise(branch: Branch) -> None:
    me = caller(branch)
    one = lead(branch)
    row = promised(me)
    operations.end_lead(lead_id=one.pk, state=LeadState.LOST, actor=me, at=AT + HOURS)
    row.refresh_from_db()
    assert (row.end, row.ended_at) == ("dropped", AT + HOURS)
    share = queries.kept_share(scope=EVERYWHERE, at=AT + 2 * DAYS)
    assert (share.of, share.whole) == (0, 0)


def test_what_is_overdue_and_open_was_not_kept(branch: Branch) -> None:
    me = caller(branch)
    lead(branch)
    promised(me)
    shares = [
        queries.kept_share(scope=EVERYWHERE, at=AT + DAYS + dt.timedelta(minutes=minutes)).whole
        for minutes in (29, 30)
    ]
    assert shares == [0, 1]


def test_a_lead_that_is_handed_over_takes_its_promise_along(branch: Branch, boss: Staff) -> None:
    me, new = caller(branch), caller(branch)
    one = lead(branch)
    row = promised(me)
    assert row.deputy == new
    takers = [operations.Taker(new.pk)]
    operations.hand_over_leads(lead_ids=[one.pk], takers=takers, actor=boss, at=AT, why="换人")
    row.refresh_from_db()
    assert (*owner_of(row), row.deputy) == (new, "lead", new, None)


def test_an_absence_hands_the_promise_over_at_once(
    branch: Branch, boss: Staff, django_capture_on_commit_callbacks: Capture
) -> None:
    team = team_of(branch, "T1")
    me, mate = caller(branch, team=team), caller(branch, team=team)
    caller(branch)
    lead(branch)
    row = promised(me)
    with django_capture_on_commit_callbacks(execute=True):
        absent(me, boss, 2)
    assert owner_of(row) == (me, "promised", me)  # there on the day itself
    with django_capture_on_commit_callbacks(execute=True):
        absent(me, boss, 1)
    assert owner_of(row) == (mate, "deputy", mate)
    move = LeadMove.objects.order_by("-pk")[0]
    assert (move.path, move.from_owner, move.to_owner, move.to_state) == (
        "cover", me, mate, "working",
    )  # fmt: skip
    assert given(mate, AT + DAYS) == row.lead


def test_without_a_deputy_the_branch_and_then_the_manager_keep_it(
    branch: Branch, boss: Staff
) -> None:
    team = team_of(branch, "T1")
    me, mate, third = caller(branch, team=team), caller(branch, team=team), caller(branch)
    lead(branch)
    row = promised(me)
    for one in (me, mate):
        absent(one, boss, 1)
    assert operations.hand_over_callbacks(at=AT) == 1
    assert owner_of(row) == (third, "branch", third)
    people.deactivate(staff_id=third.pk, actor=boss, at=AT)
    assert [operations.hand_over_callbacks(at=AT) for _time in range(2)] == [1, 0]
    # A manager has no leads; whoever has the lead keeps it meanwhile.
    assert owner_of(row) == (boss, "manager", third)


def test_whoever_is_away_on_the_day_promises_for_another(
    branch: Branch, boss: Staff, django_capture_on_commit_callbacks: Capture
) -> None:
    me, other = caller(branch), caller(branch)
    lead(branch)
    absent(me, boss, 1)
    with django_capture_on_commit_callbacks(execute=True):
        row = promised(me)
    assert owner_of(row) == (other, "deputy", other)


def test_what_the_owner_has_in_hand_waits_for_the_next_time(branch: Branch, boss: Staff) -> None:
    me, other = caller(branch), caller(branch)
    lead(branch)
    row = promised(me)
    given(me, AT + DAYS)
    absent(me, boss, 1)
    operations.hand_over_callbacks(at=AT + DAYS)
    assert owner_of(row) == (other, "deputy", me)
    operations.put_down(caller_id=me.pk, at=AT + DAYS)
    assert operations.hand_over_callbacks(at=AT + DAYS) == 1
    assert owner_of(row) == (other, "deputy", other)


@pytest.mark.parametrize("statement", [
    "DELETE FROM journeys_callback", "UPDATE journeys_callback SET promised_at = now()",
    "UPDATE journeys_callback SET owner_id = NULL",
])  # fmt: skip
def test_a_promise_stays_and_is_never_without_an_owner(branch: Branch, statement: str) -> None:
    lead(branch)
    promised(caller(branch))
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(statement)


def test_a_promise_is_what_a_call_says(branch: Branch) -> None:
    me = caller(branch)
    one = lead(branch)
    given(me)
    call = called(me, AT)
    with pytest.raises(DatabaseError, match="what a call says"), transaction.atomic():
        Callback.objects.create(call=call, lead=one, owner=me, made_at=AT, promised_at=AT + DAYS)


def _bank(branch: Branch, rng: random.Random) -> tuple[list[Staff], list[Callback]]:
    """Twelve callers in four teams, half of them of a branch below, with promises of ten days."""
    places = (branch, BranchFactory(parent=branch))
    teams = [team_of(place, f"T{number}-{place.pk}") for place in places for number in range(2)]
    callers = [caller(team.branch, team=team) for team in teams for _person in range(3)]
    rows = []
    for turn in range(36):
        me = callers[turn % len(callers)]
        lead(me.branch, owner=me, priority=99)
        days = rng.randrange(1, 10)
        given(me)
        rows.append(called(me, AT, code="promised", promised_at=AT + days * DAYS).callback)
    return callers, rows


@pytest.mark.parametrize("seed", [1, 2])
def test_with_two_hundred_absences_no_promise_is_without_an_owner(
    branch: Branch, boss: Staff, seed: int, django_capture_on_commit_callbacks: Capture
) -> None:
    """Of random people and days, two of them leave; asked after each absence, and each day by the
    clock."""
    rng = random.Random(seed)
    callers, rows = _bank(branch, rng)
    absences = 0
    while absences < 100:
        one, first = rng.choice(callers), rng.randrange(0, 10)
        last = first + rng.randrange(0, 3)
        try:
            with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
                absent(one, boss, first, last)
        except posts.PostRefused:
            absent_of(one, rng)  # there after all: others may be away on these days
            continue
        absences += 1
        assert_each_has_an_owner(AT)
        if absences in (30, 60):
            with django_capture_on_commit_callbacks(execute=True):
                people.deactivate(staff_id=callers.pop().pk, actor=boss, at=AT)
            assert_each_has_an_owner(AT)
    for day in range(12):
        operations.hand_over_callbacks(at=AT + day * DAYS)
        assert_each_has_an_owner(AT + day * DAYS)
    owners = Callback.objects.values_list("why", flat=True)
    assert len(rows) == 36
    assert set(owners) - {"promised"}


def absent_of(one: Staff, rng: random.Random) -> None:
    """One of the person's absences is cancelled."""
    rows = list(PostAbsence.objects.filter(staff=one, cancelled_at=None).order_by("pk"))
    PostAbsence.objects.filter(pk=rng.choice(rows).pk).update(cancelled_at=AT)


def assert_each_has_an_owner(at: dt.datetime) -> None:
    """By an own look at who is there, beside the query of the house."""
    away = list(PostAbsence.objects.filter(cancelled_at=None))
    for row in Callback.objects.filter(ended_at=None).select_related("owner"):
        on = clock.bank_day(max(row.promised_at, at))
        assert row.owner.is_active
        assert not any(
            one.staff_id == row.owner_id and one.first_date <= on <= one.last_date for one in away
        )
    assert queries.without_owner(at=at) == []


def test_a_lead_in_the_pool_keeps_its_promise(branch: Branch) -> None:
    me, other = caller(branch), caller(branch)
    one = lead(branch)
    row = promised(me)
    operations.release_lead(lead_id=one.pk, actor=me, at=AT)
    assert owner_of(row) == (me, "promised", None)
    assert given(other, AT + DAYS) == one
    called(other, AT + DAYS, code="applied")
    row.refresh_from_db()
    assert (row.end, Lead.objects.get().owner) == ("kept", other)
    refused(lambda: called(other, AT + DAYS))
