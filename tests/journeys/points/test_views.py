"""The points on a customer's page, and what the clock does with them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from journeys import tasks
from journeys.models import Customer, PointsEntry
from journeys.points import rules
from portal.celery import app
from portal.schedule import BEAT_SCHEDULE
from tests.factories.journeys import CustomerFactory
from tests.factories.portal import BranchFactory, StaffFactory

NOW = dt.datetime(2026, 3, 31, 4, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 31)
ClientOf = Callable[..., Client]
pytestmark = pytest.mark.django_db


def entry(customer: Customer, number: int, **values: Any) -> PointsEntry:
    row = {"kind": "earned", "points": 100, "on_date": TODAY - dt.timedelta(days=200)}
    return PointsEntry.objects.create(
        reference=f"p{number}", customer=customer, **{**row, **values}
    )


def in_days(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def page_of(client: Client, customer: Customer) -> Any:
    return client.get(reverse("customer_points", args=[customer.number]))


@time_machine.travel(NOW, tick=False)
def test_batches_are_shown_by_expiry_with_what_is_left(client_of: ClientOf) -> None:
    customer = CustomerFactory()
    for number, expires in enumerate((None, in_days(31), in_days(30))):
        entry(customer, number, expires_date=expires)
    entry(customer, 7, kind="redeemed", points=-130, on_date=TODAY)
    answer = page_of(client_of(StaffFactory(role="compliance", language="en")), customer)
    shown = [(row.expires_date, row.left, near) for row, near in answer.context["batches"]]
    assert shown == [(in_days(31), 70, False), (None, 100, False)]
    assert answer.context["near"] == 0
    text = answer.content.decode()
    assert "Balance: 170" in text
    assert "No expiry" in text


@time_machine.travel(NOW, tick=False)
def test_what_expires_soon_and_what_is_owed_is_said(client_of: ClientOf) -> None:
    first, second = CustomerFactory(), CustomerFactory()
    entry(first, 1, expires_date=in_days(30))
    entry(second, 2, kind="redeemed", points=-40)
    client = client_of(StaffFactory(role="compliance", language="en"))
    assert "Expire within 30 days: 100" in page_of(client, first).content.decode()
    text = page_of(client, second).content.decode()
    assert "Owed: 40; the next points earned pay this first" in text
    assert "All points are used or expired." in text
    assert "No points yet" in page_of(client, CustomerFactory()).content.decode()


def test_points_outside_the_scope_are_not_found(client_of: ClientOf) -> None:
    client = client_of(StaffFactory(role="branch_manager", branch=BranchFactory()))
    assert page_of(client, CustomerFactory()).status_code == 404


@pytest.mark.parametrize(("days", "near"), [(29, True), (30, True), (31, False), (-1, True)])
def test_points_are_near_their_expiry(days: int, near: bool) -> None:
    assert rules.is_near(in_days(days), TODAY) is near
    assert rules.is_near(None, TODAY) is False


@time_machine.travel(NOW, tick=False)
def test_the_clock_lets_expire_what_is_due_once() -> None:
    customer = CustomerFactory()
    entry(customer, 1, expires_date=TODAY)
    entry(customer, 2, expires_date=in_days(1))
    names = {row["task"] for row in BEAT_SCHEDULE.values()}
    assert tasks.expire_points.name in names & set(app.tasks)
    for _tick in range(2):
        tasks.expire_points()
    expired = PointsEntry.objects.filter(kind="expired").values_list("points", "on_date")
    assert list(expired) == [(-100, TODAY)]
