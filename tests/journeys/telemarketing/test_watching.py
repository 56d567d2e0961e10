"""What the manager of a branch sees of the people at work, and how the pools stand."""

import datetime as dt
from typing import Any

import pytest

from journeys.models import Lead, LeadHold
from journeys.telemarketing import operations, queries
from merchants.models import PostAbsence
from portal.kit import clock
from portal.models import Branch, Staff
from portal.staff.access import scope_of
from tests.factories.journeys import ContactRuleFactory, CustomerFactory, LeadFactory
from tests.factories.leads import caller, set_policy
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.promises import promised
from tests.factories.quality import held
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 3, 2)
AT = clock.at_time(ON, dt.time(14, 30))
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MADE = AT - 5 * DAY


@pytest.fixture
def branch() -> Branch:
    ContactRuleFactory()
    set_policy()
    return BranchFactory()


def manager(branch: Branch) -> Staff:
    return StaffFactory(role="branch_manager", branch=branch)


def seen_by(who: Staff, at: dt.datetime = AT) -> list[Any]:
    return queries.people_now(queries.callers_of(scope_of(who)), at=at)


def test_each_person_with_what_is_in_hand(branch: Branch) -> None:
    boss = manager(branch)
    me, late, free = (caller(branch, name=name) for name in ("甲", "乙", "丙"))
    caller(BranchFactory(), name="他行")
    below = caller(BranchFactory(parent=branch), name="丁")
    lead = LeadFactory(branch=branch, holder=me, held_until=AT + HOUR)
    over = LeadFactory(branch=branch, holder=late, held_until=AT)
    for person, one in ((me, lead), (late, over)):
        LeadHold.objects.create(lead=one, holder=person, taken_at=AT - HOUR, reasons=[])
    held(LeadFactory(branch=branch), free, AT - HOUR)
    rows = {row.person: row for row in seen_by(boss)}
    assert set(rows) == {me, late, free, below}
    found = {
        who: (row.hold.lead if row.hold else None, row.is_over_time) for who, row in rows.items()
    }
    assert found == {
        me: (lead, False), late: (over, True), free: (None, False), below: (None, False),
    }  # fmt: skip


def test_absence_qualification_and_signing_in(branch: Branch) -> None:
    boss = manager(branch)
    there = caller(branch, name="甲", last_login=AT - HOUR)
    yesterday = caller(branch, name="乙", last_login=AT - DAY)
    ended = caller(branch, name="丙", until=ON - DAY)
    away = caller(branch, name="丁")
    PostAbsence.objects.create(
        staff=away, kind="leave", first_date=ON, last_date=ON, recorded_by=boss, recorded_at=AT
    )
    found = {
        row.person: (row.is_absent, row.is_qualified, row.signed_in_at) for row in seen_by(boss)
    }
    assert found == {
        there: (False, True, AT - HOUR), yesterday: (False, True, None),
        ended: (False, False, None), away: (True, True, None),
    }  # fmt: skip


def test_promises_of_the_day_with_their_owners(branch: Branch) -> None:
    boss, me = manager(branch), caller(branch)
    late, due, soon = (promised(me, at, made=MADE) for at in (AT - 3 * DAY, AT, AT + HOUR))
    promised(me, AT + DAY, made=MADE)
    dropped, in_pool = promised(me, AT - HOUR, made=MADE), promised(me, AT - 2 * DAY, made=MADE)
    operations.end_lead(lead_id=dropped.lead_id, state="lost", actor=me, at=AT - 2 * DAY)
    operations.release_lead(lead_id=in_pool.lead_id, actor=me, at=AT - 2 * DAY)
    promised(caller(BranchFactory()), AT - HOUR, made=MADE)
    (row,) = seen_by(boss)
    assert (row.overdue, row.due) == (3, 1)
    found = queries.promises_of_day(scope=scope_of(boss), at=AT)
    assert found == [late, in_pool, due, soon]
    assert [one.due for one in queries.holders(scope=scope_of(boss), at=AT)] == [3]


def test_a_promise_is_whose_it_is_to_keep(branch: Branch) -> None:
    boss, me, away = manager(branch), caller(branch, name="甲"), caller(branch, name="乙")
    one = promised(away, AT + HOUR, made=MADE)
    PostAbsence.objects.create(
        staff=away, kind="leave", first_date=ON, last_date=ON, recorded_by=boss, recorded_at=AT
    )
    operations.hand_over_callbacks(at=AT)
    assert {row.person: row.due for row in seen_by(boss)} == {me: 1, away: 0}
    (found,) = queries.promises_of_day(scope=scope_of(boss), at=AT)
    assert (found, found.owner, found.why) == (one, me, "deputy")


def test_calls_of_the_day_by_hour_of_the_bank(branch: Branch) -> None:
    boss, me = manager(branch), caller(branch)
    start = clock.start_of(ON)
    for begun in (-600, 0, 9 * 3600, 9 * 3600 + 600, 14 * 3600):
        held(LeadFactory(branch=branch), me, start + dt.timedelta(seconds=begun))
    held(LeadFactory(branch=branch), me, start + 15 * HOUR, called=False)
    (row,) = seen_by(boss)
    assert (row.hours, row.calls) == ({0: 1, 9: 2, 14: 1}, 4)
    assert row.called_at == start + 14 * HOUR + dt.timedelta(seconds=300)
    ids = [me.pk]
    assert queries.calls_within(ids, since=AT - HOUR, at=AT) == 1
    assert queries.calls_within(ids, since=AT, at=AT + DAY) == 0


def test_what_came_of_calls_without_a_rank(branch: Branch) -> None:
    boss = manager(branch)
    good, bad, new = (caller(branch, name=name) for name in ("甲", "乙", "丙"))

    def worked(who: Staff, leads: int, won: int) -> None:
        for place in range(leads):
            lead = LeadFactory(branch=branch, owner=who)
            held(lead, who, AT - DAY + place * dt.timedelta(minutes=6))
            held(lead, who, AT - DAY + HOUR * 8)
            if place < won:
                operations.end_lead(lead_id=lead.pk, state="won", actor=who, at=AT)

    worked(good, 40, 30)
    worked(bad, 40, 5)
    worked(new, 3, 3)
    uncalled = LeadFactory(branch=branch, owner=new)
    operations.end_lead(lead_id=uncalled.pk, state="won", actor=new, at=AT)
    held(LeadFactory(branch=branch), new, AT - 28 * DAY)
    rows = queries.won_of_called(queries.callers_of(scope_of(boss)), at=AT)
    told = {
        row.person: (row.share.of, row.share.whole, row.is_told, row.against and row.against.by > 0)
        for row in rows
    }
    assert told == {
        good: (30, 40, True, True), bad: (5, 40, True, False), new: (3, 3, False, None),
    }  # fmt: skip
    assert [row.against.is_shown for row in rows if row.against] == [True, True]
    assert [row.person for row in rows] == queries.callers_of(scope_of(boss))


def test_the_pool_by_priority_and_age(branch: Branch) -> None:
    other, me = BranchFactory(), caller(branch)
    ages = [dt.timedelta(0), DAY, 7 * DAY, 30 * DAY]
    for priority, age in ((100, 0), (75, 0), (74, 1), (50, 1), (49, 2), (25, 3), (24, 3), (0, 3)):
        LeadFactory(branch=branch, priority=priority, created_at=AT - ages[age])
    LeadFactory(branch=branch, priority=60, created_at=AT, attempts=6, called_at=AT)
    LeadFactory(branch=branch, owner=me)
    LeadFactory(branch=branch, holder=me, held_until=AT)
    LeadFactory(branch=branch, state="off")
    LeadFactory(branch=other)
    found = queries.waiting([branch.pk], at=AT)
    assert found.cells == [[2, 0, 0, 0], [1, 2, 0, 0], [0, 0, 1, 1], [0, 0, 0, 2]]
    assert (found.total, found.used_up) == (9, 1)
    assert queries.waiting([], at=AT).total == 0


def test_what_stands_against_the_first_leads(branch: Branch) -> None:
    phones = iter(range(15440000001, 15440000100))

    def lead(**values: Any) -> Lead:
        return LeadFactory(branch=branch, phone=str(next(phones)), **values)

    lead()
    lead(call_from=AT - HOUR)
    lead(call_from=AT + HOUR)
    lead(attempts=6, called_at=AT - DAY)
    lead(call_before=AT)
    LeadFactory(branch=branch)  # no phone
    lead()
    row_of("journeys.DoNotContact", customer=CustomerFactory(phone="15440000006"))
    row_of("journeys.MarketingPause", customer=CustomerFactory(phone="15440000007"))
    lead()
    found = queries.head_of([branch.pk], at=AT)
    assert (found.looked_at, found.open) == (8, 2)
    assert sum(count for _words, count in found.against) == 6
    assert {count for _words, count in found.against} == {1}
    night = queries.head_of([branch.pk], at=clock.at_time(ON, dt.time(3)))
    assert night.open == 0


def test_what_went_back_today(branch: Branch) -> None:
    me, boss = caller(branch), manager(branch)
    for path in ("release", "take_back"):
        lead = LeadFactory(branch=branch)
        operations.claim_lead(lead_id=lead.pk, actor=me, at=AT - 3 * HOUR)
        if path == "release":
            operations.release_lead(lead_id=lead.pk, actor=me, at=AT - HOUR)
        else:
            operations.take_back_leads(lead_ids=[lead.pk], actor=boss, at=AT - HOUR, why="换组")
    other = caller(BranchFactory())
    lead = LeadFactory(branch=other.branch)
    operations.claim_lead(lead_id=lead.pk, actor=other, at=AT - 2 * HOUR)
    operations.release_lead(lead_id=lead.pk, actor=other, at=AT - HOUR)
    assert [count for _words, count in queries.went_back([branch.pk], at=AT)] == [1, 1, 0, 0]
    assert [count for _words, count in queries.went_back([branch.pk], at=AT + DAY)] == [0] * 4
