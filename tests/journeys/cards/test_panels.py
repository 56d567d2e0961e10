"""The branch manager's panels about issuing and about applications near the limit."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client, RequestFactory
from django.utils import translation

from journeys.cards import panels
from portal.models import Staff
from tests.factories.journeys import ApplicationFactory, CardFactory, CustomerFactory
from tests.factories.portal import BranchFactory, StaffFactory

NOW = dt.datetime(2026, 3, 31, 4, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 31)


def _request(staff: Staff) -> Any:
    request = RequestFactory().get("/")
    request.user = staff
    return request


@pytest.mark.django_db
@time_machine.travel(NOW, tick=False)
def test_cards_of_the_last_thirty_days_are_counted_with_their_activation() -> None:
    me = StaffFactory(role="branch_manager", branch=BranchFactory())
    here = CustomerFactory(branch=me.branch)
    for days, active in ((0, TODAY), (29, None), (30, None)):
        CardFactory(
            customer=here,
            issued_date=TODAY - dt.timedelta(days=days),
            activated_date=active,
        )
    CardFactory(issued_date=TODAY)
    found = panels.issuing(_request(me))
    assert found is not None
    assert (found["issued"], found["activated_percent"]) == (2, 50)
    assert found["chart"].count("<rect") == 30


@pytest.mark.django_db
@time_machine.travel(NOW, tick=False)
def test_open_applications_surface_five_days_before_the_limit(
    client_of: Callable[..., Client],
) -> None:
    me = StaffFactory(role="branch_manager", branch=BranchFactory())
    here = CustomerFactory(branch=me.branch)
    filed = {
        days: ApplicationFactory(
            customer=here,
            filed_date=TODAY - dt.timedelta(days=days),
            state="filed",
            decided_date=None,
        )
        for days in (14, 15, 20, 21)
    }
    approved = ApplicationFactory(
        customer=here, filed_date=TODAY - dt.timedelta(days=18), decided_date=TODAY
    )
    CardFactory(customer=here, application=ApplicationFactory(customer=here))
    ApplicationFactory(filed_date=TODAY - dt.timedelta(days=19), state="filed", decided_date=None)
    with translation.override("en"):
        found = panels.near_limit(_request(me))
    assert found is not None
    assert found["waiting"] == 4
    assert [(one.told, one.is_late, one.until) for one in found["todo"]] == [
        ("1 application over 20 days", True, "2026-03-30"),
        ("3 applications past day 15", False, "2026-03-31"),
    ]
    assert [(row["application"], row["days"], row["is_over"]) for row in found["applications"]] == [
        (filed[21], 21, True), (filed[20], 20, False), (approved, 18, False),
        (filed[15], 15, False),
    ]  # fmt: skip
    assert filed[21].number in client_of(me).get("/").content.decode()


@pytest.mark.django_db
def test_a_branch_without_cards_has_no_share() -> None:
    me = StaffFactory(role="branch_manager", branch=BranchFactory())
    issued, near = panels.issuing(_request(me)), panels.near_limit(_request(me))
    assert issued is not None
    assert near is not None
    assert (issued["issued"], issued["activated_percent"], near["waiting"]) == (0, None, 0)
    other = _request(StaffFactory(role="compliance"))
    assert (panels.issuing(other), panels.near_limit(other)) == (None, None)
