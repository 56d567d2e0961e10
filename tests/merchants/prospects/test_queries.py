"""The funnel of a scope, also of an empty one; and its page."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from merchants.prospects import queries
from portal.staff.access import Scope, scope_of
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)


def lead(origin: str = "social", took: int | None = None, **values: object) -> None:
    row = row_of("merchants.MerchantLead", origin=origin, first_contact_date=DAY, **values)
    if took is not None:
        won = DAY + dt.timedelta(days=took)
        row_of("merchants.MerchantDeal", lead=row, won_date=won, representative=f"S{took % 2}")


def test_nothing_is_reckoned_from_nothing() -> None:
    found = queries.funnel(scope=Scope(branch_path=""))
    assert (found.conversion.whole, found.median_days, found.by_origin, found.by_person) == (
        0, None, [], [],
    )  # fmt: skip


def test_a_deal_before_its_first_contact_is_won_and_told_and_in_no_median() -> None:
    for took in (4, 6, 9, -2):
        lead(took=took)
    lead("")
    found = queries.funnel(scope=Scope(branch_path=""))
    assert (found.conversion.of, found.conversion.whole, found.median_days) == (4, 5, 6.0)
    assert (found.doubt_count, [row.won_date for row in found.doubts]) == (
        1, [DAY - dt.timedelta(days=2)],
    )  # fmt: skip
    assert [(line.name, line.share.of, line.first, line.last) for line in found.by_person] == [
        ("S0", 3, 1, 2), ("S1", 1, 1, 2),
    ]  # fmt: skip
    lead("", took=0)
    assert queries.funnel(scope=Scope(branch_path="")).median_days == 5.0


def test_a_branch_sees_its_own_leads_alone(client_of: Callable[..., Client]) -> None:
    here = BranchFactory()
    lead(took=3, branch=here)
    lead(took=5, branch=BranchFactory())
    lead(took=7)
    chief = StaffFactory(role="branch_manager", branch=here)
    found = queries.funnel(scope=scope_of(chief))
    assert (found.conversion.whole, found.median_days) == (1, 3.0)
    page = client_of(chief).get(reverse("prospect_funnel"))
    assert page.context["funnel"].conversion.whole == 1
    assert client_of("telemarketer").get(reverse("prospect_funnel")).status_code == 403
