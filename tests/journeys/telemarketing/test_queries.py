"""Who sees which leads."""

import datetime as dt

import pytest

from journeys.telemarketing import queries
from portal.staff.access import scope_of
from tests.factories.journeys import INSTANT, LeadFactory
from tests.factories.portal import BranchFactory, StaffFactory


@pytest.mark.django_db
def test_a_telemarketer_sees_own_leads_and_those_of_the_branch_that_nobody_owns() -> None:
    here = BranchFactory()
    me = StaffFactory(role="telemarketer", branch=here)
    colleague = StaffFactory(role="telemarketer", branch=here)
    mine, free = LeadFactory(branch=here, owner=me), LeadFactory(branch=here)
    LeadFactory(branch=here, owner=colleague)
    LeadFactory()
    assert set(queries.list_leads(scope=scope_of(me), at=INSTANT)) == {mine, free}
    assert queries.free_leads(scope=scope_of(me), at=INSTANT) == 1
    assert queries.counts_of_owner(staff_id=me.pk, at=INSTANT) == {"new": 1}


@pytest.mark.django_db
def test_a_branch_manager_sees_all_leads_of_the_branch_and_below() -> None:
    here = BranchFactory()
    below = BranchFactory(parent=here)
    owner = StaffFactory(role="telemarketer", branch=here)
    rows = {LeadFactory(branch=here, owner=owner), LeadFactory(branch=below)}
    LeadFactory()
    scope = scope_of(StaffFactory(role="branch_manager", branch=here))
    assert set(queries.list_leads(scope=scope, at=INSTANT)) == rows


@pytest.mark.django_db
def test_leads_are_narrowed_by_state_and_source_and_the_youngest_comes_first() -> None:
    scope = scope_of(StaffFactory(role="compliance"))
    old = LeadFactory(created_at=INSTANT - dt.timedelta(days=2), source="post")
    young = LeadFactory(source="post", state="won")
    LeadFactory(source="registry")
    assert list(queries.list_leads(scope=scope, at=INSTANT, source="post")) == [young, old]
    assert list(queries.list_leads(scope=scope, at=INSTANT, source="post", state="won")) == [young]


@pytest.mark.django_db
def test_leads_are_counted_by_source() -> None:
    scope = scope_of(StaffFactory(role="compliance"))
    for source, state in (("post", "new"), ("post", "won"), ("registry", "new")):
        LeadFactory(source=source, state=state)
    assert queries.counts_by_source(scope=scope) == [("post", 2, 1), ("registry", 1, 0)]
