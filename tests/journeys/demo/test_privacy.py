"""The demo bank's reveals, searches and exports: pages that are not empty, and one day of each of
the first two that stands out."""

import datetime as dt

import pytest

from journeys.demo import privacy
from journeys.models import Reveal
from journeys.reveals import queries
from portal.kit import clock
from portal.models import Export
from portal.staff.access import Scope, scope_of
from portal.staff.enums import Role
from tests.factories.journeys import CustomerFactory
from tests.factories.portal import BranchFactory, StaffFactory

ON = dt.date(2026, 11, 23)


@pytest.mark.django_db
def test_one_day_stands_out_and_every_export_is_there() -> None:
    for role in (Role.COMPLIANCE, Role.ANALYST, Role.CAMPAIGN_MANAGER):
        StaffFactory(role=role, username=role)
    branches = [BranchFactory() for _number in range(3)]
    for number, branch in enumerate(branches):
        name = f"manager_{number}" if number else Role.BRANCH_MANAGER
        StaffFactory(role=Role.BRANCH_MANAGER, username=name, branch=branch)
        for _customer in range(3):
            CustomerFactory(branch=branch)
    privacy.build_privacy(seed="1", on=ON, at=clock.start_of(ON))
    days = queries.unusual_days(scope=Scope(""), first=ON - dt.timedelta(days=30), last=ON)
    assert [(day.on_date, day.number) for day in days] == [(ON - dt.timedelta(days=4), 17)]
    tried = queries.unusual_searches(scope=Scope(""), first=ON - dt.timedelta(days=30), last=ON)
    assert [(day.on_date, day.number, day.missed, day.refused) for day in tried] == [
        (ON - dt.timedelta(days=6), 30, 30, 4)
    ]
    rows = list(Reveal.objects.select_related("customer__branch", "actor__branch"))
    assert len(rows) > 60
    for row in rows:
        assert row.customer.branch.path.startswith(scope_of(row.actor).branch_path)
        assert 9 <= row.at.astimezone(clock.start_of(ON).tzinfo).hour < 17
        assert row.on_date < ON
    kinds = {"stage_funnel", "complaints", "customers", "open_applications"}
    assert set(Export.objects.values_list("kind", flat=True)) == kinds
