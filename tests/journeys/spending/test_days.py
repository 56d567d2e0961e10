"""Spending day by day, as a calendar and as a file."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from journeys.models import MerchantDay
from journeys.spending import queries
from journeys.spending.exports import SPENDING_DAYS
from merchants.models import Merchant
from portal.staff.access import Scope, scope_of
from portal.staff.enums import Role
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 31, 4, tzinfo=dt.UTC)
ON, DAY = dt.date(2026, 3, 31), dt.timedelta(days=1)
SPAN = {"first": ON - 9 * DAY, "end": ON + DAY}


def spent(merchant: Any, ago: int, amount: int) -> None:
    MerchantDay.objects.create(
        merchant=merchant, day=ON - ago * DAY, purchases=1, refunds=0, amount=Decimal(amount)
    )


def test_days_are_summed_within_the_branches_or_the_own_merchants() -> None:
    branch = BranchFactory()
    me = StaffFactory(role=Role.RELATIONSHIP_MANAGER, branch=branch)
    mine = MerchantFactory(branch=branch, manager=me)
    below = MerchantFactory(branch=BranchFactory(parent=branch))
    other = MerchantFactory(branch=BranchFactory())
    for merchant, ago, amount in (
        (mine, 0, 5), (mine, 9, 7), (mine, 10, 99), (below, 0, 3), (other, 1, 11),
    ):  # fmt: skip
        spent(merchant, ago, amount)
    own = queries.turnover_by_day(scope=scope_of(me), branch_path=branch.path, **SPAN)
    assert own == {ON: 5, ON - 9 * DAY: 7}
    of_branch = queries.turnover_by_day(scope=Scope(branch.path), branch_path=branch.path, **SPAN)
    assert of_branch == {ON: 8, ON - 9 * DAY: 7}
    whole = queries.turnover_by_day(scope=Scope(""), branch_path="", **SPAN)
    assert whole == {ON: 8, ON - 9 * DAY: 7, ON - DAY: 11}


def test_the_days_asked_for_are_read_and_not_those_of_two_years() -> None:
    """For all merchants, and for a branch."""
    branch = BranchFactory()
    category = MerchantFactory(branch=branch).category
    Merchant.objects.bulk_create(
        [
            MerchantFactory.build(branch=branch, category=category, number=f"Z{place}")
            for place in range(999)
        ]
    )
    with connection.cursor() as cursor:
        # As they come: day after day.
        cursor.execute(
            "INSERT INTO journeys_merchantday (merchant_id, day, purchases, refunds, amount)"
            " SELECT id, %s::date - ago, 1, 0, 5 FROM merchants_merchant,"
            " generate_series(149, 0, -1) ago ORDER BY ago DESC",
            [ON],
        )
        cursor.execute("ANALYZE journeys_merchantday, merchants_merchant")
    for path in ("", branch.path):
        with CaptureQueriesContext(connection) as seen:
            days = queries.turnover_by_day(scope=Scope(path), branch_path=path, **SPAN)
        assert days == {ON - ago * DAY: 5_000 for ago in range(10)}
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE) " + seen.captured_queries[-1]["sql"])
            plan = "\n".join(line for (line,) in cursor.fetchall())
        if not path:  # the days of all; those of a branch by its merchants
            assert "merchant_day_by_day" in plan
        assert "Seq Scan on journeys_merchantday" not in plan
        assert re.findall(r"Rows Removed by Filter: (\d+)", plan) == []


@time_machine.travel(NOW, tick=False)
def test_picture_and_file_say_the_same(client_of: Callable[..., Client]) -> None:
    boss = StaffFactory(role=Role.BRANCH_MANAGER, branch=BranchFactory(), language="en")
    client = client_of(boss)
    page = client.get("/figures/")
    assert "spending" not in [one.code for one in page.context["parts"]]
    merchant = MerchantFactory(branch=boss.branch)
    spent(merchant, 0, 1234)
    spent(merchant, 60, 2)
    page = client.get("/figures/")
    [part] = [one for one in page.context["parts"] if one.code == "spending"]
    assert '<th scope="row">2026-03-31</th><td class="text-end">1,234.00</td>' in part.html
    assert part.html.count('<th scope="row">') == 2
    file = SPENDING_DAYS.read(boss, QueryDict("period=month"), ON)
    assert list(file.rows) == [(ON, 1234)]
