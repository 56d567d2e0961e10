"""The benchmark of dashboards at a small size: every role is shown its pages, with work and figures
on them."""

import datetime as dt

import pytest

from benchmarks.boards import asking, work
from portal.kit import clock
from tests.factories.journeys import ProductFactory
from tests.factories.portal import BranchFactory

pytestmark = pytest.mark.django_db


def test_each_role_is_shown_its_pages() -> None:
    branches = [BranchFactory() for _number in range(3)]
    ProductFactory(code="GOLD")
    work.fill(leads=400, at=clock.now())
    seen = {}
    for who, staff in asking.people():
        for page in asking.PAGES:
            told = asking.ask(who, staff, page, times=2)
            seen[who, page] = told.statements
            assert len(told.taken) == len(told.bare) == 2
            assert who in told.line
    assert len(seen) == 3 * 9  # eight roles in a branch, and a branch manager of the head office
    assert min(seen.values()) > 3
    assert max(seen.values()) < 100
    assert len(branches) == 3


def test_promises_and_figures_are_there() -> None:
    branch = BranchFactory()
    ProductFactory(code="GOLD")
    at = clock.at_time(dt.date(2026, 3, 10), dt.time(12))
    work.fill(leads=400, at=at)
    from campaigns.budgets import queries as budgets
    from journeys.telemarketing import queries as leads
    from portal.staff.access import Scope

    found = leads.promised_within(scope=Scope(""), at=at)
    assert (found.overdue > 0, found.due > 0) == (True, True)
    assert leads.free_of_pools(scope=Scope(branch.path), most=999) == 200
    burning = budgets.left_by_day(first=dt.date(2026, 3, 1), end=dt.date(2026, 3, 11), most=99)
    assert len(burning) == work.CAMPAIGNS
