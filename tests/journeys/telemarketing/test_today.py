"""What waits of leads today: promises, and leads of the pools that nobody has."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from journeys.telemarketing import operations, panels, queries
from portal.kit import clock
from portal.models import Branch, Staff
from portal.staff.access import Scope, scope_of
from portal.staff.enums import Role
from tests.factories.journeys import ContactRuleFactory, LeadFactory
from tests.factories.leads import called, caller, fill_pool, set_policy
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.promises import promised

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


def promise_in(branch: Branch, at: dt.datetime) -> None:
    promised(caller(branch), at, made=MADE)


def request_of(staff: Staff) -> Any:
    request = RequestFactory().get("/")
    request.user = staff
    return request


def told(found: dict[str, Any] | None) -> list[tuple[str, bool, str, str]]:
    assert found is not None
    return [(one.told, one.is_late, one.until, one.url) for one in found["todo"] if one.count]


def test_promises_of_the_scope_up_to_the_end_of_the_day(branch: Branch) -> None:
    below = BranchFactory(parent=branch)
    for place, at in ((branch, AT - DAY), (below, AT), (below, AT + HOUR), (branch, AT + 5 * HOUR)):
        promise_in(place, at)
    promise_in(branch, clock.at_time(ON + DAY, dt.time(9)))  # the day after
    promise_in(BranchFactory(), AT - DAY)
    scope = scope_of(StaffFactory(role=Role.BRANCH_MANAGER, branch=branch))
    found = queries.promised_within(scope=scope, at=AT)
    assert found == queries.Promised(2, AT - DAY, 2, AT + HOUR)
    assert queries.promised_within(scope=Scope(below.path), at=AT) == queries.Promised(
        1, AT, 1, AT + HOUR
    )


def test_the_same_of_promises_that_were_read() -> None:
    found = queries.told_promises([AT + HOUR, AT - DAY, AT], at=AT)
    assert found == queries.Promised(2, AT - DAY, 1, AT + HOUR)
    assert queries.told_promises([], at=AT) == queries.Promised()


def test_free_leads_are_counted_up_to_a_bound(branch: Branch) -> None:
    me, below = caller(branch), BranchFactory(parent=branch)
    for place in (branch, branch, below):
        LeadFactory(branch=place)
    LeadFactory(branch=branch, owner=me, state="working")
    LeadFactory(branch=branch, holder=me, held_until=AT)
    LeadFactory(branch=BranchFactory())
    scope = Scope(branch.path)
    assert queries.free_of_pools(scope=scope, most=10) == 3
    assert queries.free_of_pools(scope=scope, most=2) == 3
    assert queries.free_of_pools(scope=scope, most=1) == 2


def test_of_a_big_pool_so_many_are_read_as_are_counted(branch: Branch) -> None:
    fill_pool(branch, count=20_000)
    assert queries.free_of_pools(scope=Scope(branch.path), most=999) == 1000


@time_machine.travel(AT, tick=False)
def test_a_branch_manager_is_told_of_promises_and_of_leads_without_anyone(branch: Branch) -> None:
    boss = StaffFactory(role=Role.BRANCH_MANAGER, branch=branch)
    for at in (AT - DAY, AT - HOUR, AT + HOUR):
        promise_in(branch, at)
    LeadFactory(branch=branch)
    with translation.override("en"):
        assert told(panels.leads_today(request_of(boss))) == [
            ("2 promises overdue", True, "2026-03-01 14:30", reverse("lead_watch")),
            ("1 promise for today", False, "2026-03-02 15:30", reverse("lead_watch")),
            ("1 lead without anyone", False, "", reverse("lead_pool")),
        ]


@time_machine.travel(AT, tick=False)
def test_a_telemarketer_is_told_of_the_own_promises_and_leads(branch: Branch) -> None:
    me = caller(branch)
    for place in range(2):
        LeadFactory(branch=branch, phone=str(15420000000 + place))
    operations.next_lead(caller=me, at=AT - 2 * DAY)
    called(me, AT - 2 * DAY, code="promised", promised_at=AT - HOUR)
    with translation.override("en"):
        found = told(panels.my_leads(request_of(me)))
    assert found[0] == ("1 promise overdue", True, "2026-03-02 13:30", reverse("lead_desk"))
    assert found[-1] == ("1 lead in the pool", False, "", reverse("lead_desk"))
