"""The page of the application clock."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from journeys.cards import operations, queries, rules
from journeys.models import Application, ClockRule
from portal.staff.access import Scope
from tests.factories.journeys import ApplicationFactory, CardFactory, ProductFactory
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
    CardFactory()
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
    assert answer.context["counts"] == {"over": 1, "near": 1, "within": 1, "card": 0}
    assert "王小明" not in answer.content.decode()


@time_machine.travel(NOW, tick=False)
def test_the_customers_page_says_how_far_over_the_limit(client_of: ClientOf) -> None:
    near, over = waiting(20, "near"), waiting(23, "over")
    client = client_of(StaffFactory(role="campaign_manager", language="en"))
    for one, words in ((near, "Days left: 0"), (over, "Over the limit, days: 3")):
        page = client.get(reverse("customer_page", args=[one.customer.number])).content.decode()
        assert re.findall(r"(?:Days left|Over the limit, days): -?\d+", page) == [words]


@time_machine.travel(NOW, tick=False)
def test_only_the_own_branches(client_of: ClientOf) -> None:
    waiting(30, "outside")
    staff = StaffFactory(role="branch_manager", branch=BranchFactory())
    waiting(3, "mine", branch=staff.branch)
    client = client_of(staff)
    assert [row[0] for row in shown(client)] == ["mine"]
    answer = client.get(reverse("application_clock"))
    assert answer.context["counts"] == {"over": 0, "near": 0, "within": 1, "card": 0}


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
    assert answer.context["counts"] == {"over": 0, "near": 2, "within": 0, "card": 0}
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
    page = client.get(reverse("customer_page", args=[own.customer.number]), {"kind": ""})
    titles = " ".join(row.row.title for day in page.context["days"] for row in day["entries"])
    assert titles.count("Application") == 2, titles
    assert elsewhere.number != own.number


@time_machine.travel(NOW, tick=False)
def test_an_approved_application_stays_on_the_clock_until_its_card_is_issued(
    client_of: ClientOf,
) -> None:
    waiting(10, "open")
    approved = ApplicationFactory(
        number="approved", filed_date=dt.date(2026, 3, 8), decided_date=dt.date(2026, 3, 20)
    )
    ApplicationFactory(number="refused", state="refused")
    CardFactory(application__number="issued")
    client = client_of(StaffFactory(role="campaign_manager", language="en"))
    row = ("approved", 23, -3, "danger")
    assert shown(client) == [row, ("open", 10, 10, "secondary")]
    assert shown(client, awaited="card") == shown(client, clock="over") == [row]
    assert [found[0] for found in shown(client, awaited="filed")] == ["open"]
    answer = client.get(reverse("application_clock"))
    assert answer.context["counts"] == {"over": 1, "near": 0, "within": 1, "card": 1}
    assert "Card: approved, not issued yet" in answer.content.decode()
    page = client.get(reverse("customer_page", args=[approved.customer.number])).content.decode()
    assert "Applications without a card so far" in page
    assert "Over the limit, days: 3" in page
    file = client.get(reverse("customer_page", args=[_issued_to()])).content.decode()
    assert "Applications without a card so far" not in file


def _issued_to() -> str:
    return str(Application.objects.get(number="issued").customer.number)


@time_machine.travel(NOW, tick=False)
def test_compliance_sets_the_limit_from_a_day_on(client_of: ClientOf) -> None:
    waiting(12, "near")
    client = client_of(StaffFactory(role="compliance", language="en"))
    assert shown(client)[0][2:] == (8, "secondary")
    asked = {"effective_date": "2026-03-31", "limit_days": "13", "near_days": "3", "source": "决定"}
    address = reverse("clock_rule_new")
    assert client.post(address, asked).status_code == 302
    assert shown(client)[0][2:] == (1, "warning")
    lead = client.get(reverse("application_clock")).content.decode()
    assert "at most 13 days; the last 3 of them warn" in lead
    for wrong in ({}, {"effective_date": "2026-03-30"}, {"near_days": "13"}, {"limit_days": "0"}):
        answer = client.post(address, {**asked, "effective_date": "2026-04-01", **wrong})
        assert answer.status_code == (302 if not wrong else 422)
    states = [row.state for row in client.get(reverse("clock_rules")).context["rows"]]
    assert states == ["coming", "in_force", "past"]
    again = client.post(address, asked)
    assert "has its rule already" in again.content.decode()
    manager = client_of("branch_manager")
    assert manager.get(address).status_code == 403
    assert "Set the limit" not in manager.get(reverse("clock_rules")).content.decode()


def test_before_the_first_rule_the_usual_limits_hold() -> None:
    assert queries.limits_on(dt.date(2019, 12, 31)) == rules.USUAL
    assert ClockRule.objects.get().limits == rules.USUAL
    assert queries.limits_on(dt.date(2020, 1, 1)) == rules.USUAL


def test_the_clock_is_read_by_its_index() -> None:
    at = dt.datetime(2026, 3, 31, tzinfo=dt.UTC)
    rule = operations.set_clock_rule(
        effective_date=dt.date(2026, 3, 31), limits=rules.Limits(30, 10), source="x", actor=None,
        at=at,
    )  # fmt: skip
    on, whole = dt.date(2026, 4, 1), Scope(branch_path="")
    limits = queries.limits_on(on)
    assert limits == rule.limits
    lists = [
        queries.nearing_limit(scope=whole, on=on, limits=limits),
        queries.open_applications(scope=whole, on=on, limits=limits, clock="near"),
        queries.open_applications(scope=whole, on=on, limits=limits, awaited="card"),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert all("application_on_clock" in rows.explain() for rows in lists)
