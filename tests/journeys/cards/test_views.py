"""The page of the application clock."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from journeys.models import Application
from tests.factories.journeys import ApplicationFactory, ProductFactory
from tests.factories.portal import BranchFactory, StaffFactory

NOW = dt.datetime(2026, 3, 31, 4, tzinfo=dt.UTC)
ClientOf = Callable[..., Client]
pytestmark = [pytest.mark.django_db]


def waiting(days: int, number: str, **values: Any) -> Application:
    filed = dt.date(2026, 3, 31) - dt.timedelta(days=days)
    return ApplicationFactory(
        number=number, filed_date=filed, state="filed", decided_date=None, **values
    )


def shown(client: Client, **asked: str) -> list[tuple[str, int, int, str]]:
    rows = client.get(reverse("application_clock"), asked).context["waiting"]
    return [(row["application"].number, row["days"], row["left"], row["tone"]) for row in rows]


@time_machine.travel(NOW, tick=False)
def test_open_applications_by_days_open(client_of: ClientOf) -> None:
    waiting(15, "near")
    waiting(21, "over", is_fast_track=True)
    waiting(14, "young", product=ProductFactory(code="PLAT"), branch=BranchFactory(code="B7"))
    ApplicationFactory()
    client = client_of(StaffFactory(role="campaign_manager", language="en"))
    near, over, young = (
        ("near", 15, 5, "warning"), ("over", 21, -1, "danger"), ("young", 14, 6, "secondary"),
    )  # fmt: skip
    assert shown(client) == [over, near, young]
    assert shown(client, clock="over") == shown(client, track="fast") == [over]
    assert shown(client, clock="near") == [near]
    assert shown(client, clock="within") == shown(client, product="PLAT") == [young]
    assert shown(client, branch="B7", track="usual") == [young]
    assert shown(client, clock="x", branch="x", product="x", track="x") == [over, near, young]
    answer = client.get(reverse("application_clock"), {"clock": "near"})
    assert answer.context["counts"] == {"over": 1, "near": 1, "within": 1}
    assert "王小明" not in answer.content.decode()


@time_machine.travel(NOW, tick=False)
def test_only_the_own_branches(client_of: ClientOf) -> None:
    waiting(30, "outside")
    staff = StaffFactory(role="branch_manager", branch=BranchFactory())
    waiting(3, "mine", branch=staff.branch)
    client = client_of(staff)
    assert [row[0] for row in shown(client)] == ["mine"]
    answer = client.get(reverse("application_clock"))
    assert answer.context["counts"] == {"over": 0, "near": 0, "within": 1}


def test_nothing_open(client_of: ClientOf) -> None:
    assert shown(client_of("compliance")) == []


@time_machine.travel(NOW, tick=False)
def test_an_application_with_documents_in_is_open_and_says_since_when(client_of: ClientOf) -> None:
    waiting(16, "filed")
    row = waiting(17, "supplied")
    row.state, row.supplemented_date = "supplemented", dt.date(2026, 3, 20)
    row.save()
    client = client_of(StaffFactory(role="campaign_manager", language="en"))
    assert [found[0] for found in shown(client)] == ["supplied", "filed"]
    answer = client.get(reverse("application_clock"))
    assert answer.context["counts"] == {"over": 0, "near": 2, "within": 0}
    assert "2026-03-20" in answer.content.decode()


@time_machine.travel(NOW, tick=False)
def test_a_branch_sees_the_applications_it_took_and_the_way_to_its_own_customers(
    client_of: ClientOf,
) -> None:
    """What the clock leads to can be opened; a customer's page shows what other branches took."""
    staff = StaffFactory(role="branch_manager", branch=BranchFactory(), language="en")
    other = BranchFactory()
    own = waiting(16, "own", branch=staff.branch, customer__branch=staff.branch)
    guest = waiting(17, "guest", branch=staff.branch, customer__branch=other)
    elsewhere = waiting(18, "elsewhere", branch=other, customer=own.customer)
    client = client_of(staff)
    answer = client.get(reverse("application_clock"))
    rows = [(row["application"].number, row["is_reached"]) for row in answer.context["waiting"]]
    assert rows == [("guest", False), ("own", True)]
    for page in (answer, client.get("/")):
        text = page.content.decode()
        assert reverse("customer_page", args=[own.customer.number]) in text
        assert reverse("customer_page", args=[guest.customer.number]) not in text
        assert text.count("of another branch") == 1
    assert client.get(reverse("customer_page", args=[guest.customer.number])).status_code == 404
    page = client.get(reverse("customer_page", args=[own.customer.number]))
    titles = " ".join(row.row.title for day in page.context["days"] for row in day["entries"])
    assert titles.count("Application") == 2, titles
    assert elsewhere.number != own.number
