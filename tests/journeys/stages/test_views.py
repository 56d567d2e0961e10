"""The page of the funnel."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from journeys.stages import operations, views
from tests.factories.journeys import DAY, CardFactory, CustomerFactory
from tests.factories.portal import BranchFactory, StaffFactory

ClientOf = Callable[..., Client]
pytestmark = pytest.mark.django_db


def reached(client: Client, **asked: str) -> list[int]:
    answer = client.get(reverse("stage_funnel"), asked)
    assert answer.status_code == 200
    return [step.reached for step in answer.context["steps"]]


@pytest.fixture
def _bank() -> None:
    first, second = BranchFactory(code="B1"), BranchFactory(code="B2")
    CardFactory(customer__branch=first, customer__registered_date=DAY.replace(month=1))
    CustomerFactory(branch=second)
    operations.refresh_stages()


@pytest.mark.usefixtures("_bank")
def test_filters_stand_in_the_address_and_wrong_ones_are_left_out(client_of: ClientOf) -> None:
    client = client_of("compliance")
    assert reached(client) == [2, 1, 1, 0, 0, 0]
    assert reached(client, branch="B2") == [1, 0, 0, 0, 0, 0]
    assert reached(client, product="GOLD") == [1, 1, 1, 0, 0, 0]
    assert reached(client, month="2026-01") == [1, 1, 1, 0, 0, 0]
    assert reached(client, branch="B9", product="x", month="2026-13", by="x") == [2, 1, 1, 0, 0, 0]
    assert reached(client, branch="B2", product="GOLD") == []


@pytest.mark.usefixtures("_bank")
def test_the_breakdowns_are_named(client_of: ClientOf) -> None:
    client = client_of(StaffFactory(role="campaign_manager", language="en"))

    def names(by: str) -> list[str]:
        groups = client.get(reverse("stage_funnel"), {"by": by}).context["groups"]
        return [name for name, _group in groups]

    assert names("month") == ["2026-03", "2026-01"]
    assert names("product") == ["No product yet", "Gold card"]
    assert len(names("branch")) == 2
    assert names("") == names("branch")


@pytest.mark.usefixtures("_bank")
def test_a_branch_manager_sees_the_own_branch(client_of: ClientOf) -> None:
    from portal.models import Branch

    staff = StaffFactory(role="branch_manager", branch=Branch.objects.get(code="B2"))
    client = client_of(staff)
    assert reached(client) == [1, 0, 0, 0, 0, 0]
    assert reached(client, branch="B1") == [1, 0, 0, 0, 0, 0]  # no choice of theirs


def test_the_latest_two_years_are_listed_and_older_months_counted(client_of: ClientOf) -> None:
    for month in range(26):
        CustomerFactory(registered_date=dt.date(2020 + month // 12, month % 12 + 1, 1))
    operations.refresh_stages()
    page = client_of("compliance").get(reverse("stage_funnel"), {"by": "month"})
    listed = [name for name, _group in page.context["groups"]]
    assert (len(listed), listed[0], listed[-1]) == (24, "2022-02", "2020-03")
    assert page.context["left_out"] == 2


def test_nobody_yet(client_of: ClientOf) -> None:
    assert reached(client_of("compliance")) == []


@pytest.mark.usefixtures("_bank")
def test_the_picture_has_its_numbers_as_text(client_of: ClientOf) -> None:
    client = client_of(StaffFactory(role="compliance", language="en"))
    text = client.get(reverse("stage_funnel")).content.decode()
    assert "<desc>Registered: 2; Applied for a card: 1; Card issued: 1;" in text


@pytest.mark.parametrize(
    ("days", "shown"),
    [(0.5, "0.5"), (2.25, "2.3"), (2.75, "2.8"), (2.96, "3"), (0.04, "0"), (5.0, "5")],
)
def test_days_are_rounded_not_cut(days: float, shown: str) -> None:
    with translation.override("en"):
        assert views._note(50.0, days, True) == f"50.0 % · {shown} d"


def test_an_analyst_sees_nothing_of_single_persons(client_of: ClientOf) -> None:
    """Groups of 12, 5 and 4, of which 7, 4 and 1 applied: in fives, the smallest not at all."""
    for code, customers, cards in (("B1", 12, 7), ("B2", 5, 4), ("B3", 4, 1)):
        branch = BranchFactory(code=code)
        for number in range(customers):
            customer = CustomerFactory(branch=branch)
            if number < cards:
                CardFactory(customer=customer)
    operations.refresh_stages()
    analyst, officer = (
        client_of(StaffFactory(role=role, language="en")) for role in ("analyst", "compliance")
    )
    assert reached(officer) == [21, 12, 12, 0, 0, 0]
    assert reached(analyst) == [20, 10, 10, 0, 0, 0]
    page = analyst.get(reverse("stage_funnel"))
    shown = [[count for count, _note in cells][:3] for _name, cells in page.context["groups"]]
    assert shown == [["10", "5", "5"], ["5", "0", "0"]]
    assert "groups of fewer are not listed" in page.content.decode()
    assert reached(analyst, branch="B3") == []
    assert (
        "Fewer than 5 customers"
        in analyst.get(reverse("stage_funnel"), {"branch": "B3"}).content.decode()
    )
    assert reached(officer, branch="B3") == [4, 1, 1, 0, 0, 0]
    assert "in fives" not in officer.get(reverse("stage_funnel")).content.decode()
