"""What is left of budgets day by day, as a picture and as a file."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from campaigns.budgets import queries
from campaigns.budgets.exports import BUDGET_DAYS
from portal.staff.enums import Role
from tests.factories.campaigns import draft
from tests.factories.portal import StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
ON = dt.date(2026, 3, 31)
NOW = dt.datetime(2026, 3, 31, 4, tzinfo=dt.UTC)


def book_of(code: str, *, planned: int | None, used: dict[int, int], **more: Any) -> Any:
    """An account with what was used so many days ago."""
    version = draft(code=code)
    book = row_of("campaigns.BudgetBook", version=version, **more)
    total = Decimal(sum(used.values()))
    row_of("campaigns.BudgetLimit", book=book, kind="campaign", key="", used=total,
           planned=planned, most=planned)  # fmt: skip
    for ago, amount in used.items():
        row_of("campaigns.BudgetLimit", book=book, kind="day", key=f"{ON - ago * DAY}",
               used=Decimal(amount), planned=None, most=None)  # fmt: skip
    return version.campaign


def left(first: int, most: int = 12) -> list[tuple[str, list[Decimal]]]:
    found = queries.left_by_day(first=ON - first * DAY, end=ON + DAY, most=most)
    return [(one.campaign.code, [amount for _day, amount in one.left]) for one in found]


def test_what_was_left_at_the_end_of_each_day_the_most_used_up_first() -> None:
    book_of("half", planned=100, used={9: 20, 1: 30})
    book_of("most", planned=10, used={2: 4, 0: 5})
    book_of("unbounded", planned=None, used={1: 5})
    book_of("long-ago", planned=100, used={9: 50})
    stopped = book_of("stopped", planned=100, used={1: 50})
    type(stopped).objects.filter(pk=stopped.pk).update(stopped_at=NOW)
    expected = [("most", [6, 6, 1]), ("half", [80, 50, 50])]
    assert left(2) == expected
    assert left(2, most=1) == expected[:1]
    [one] = queries.left_by_day(first=ON, end=ON + DAY, most=9)
    assert one.shares == [10.0]


@time_machine.travel(NOW, tick=False)
def test_picture_and_file_say_the_same(client_of: Callable[..., Client]) -> None:
    book_of("half", planned=100, used={40: 20, 1: 30})
    person = StaffFactory(role=Role.ANALYST, language="en")
    page = client_of(person).get("/figures/?period=month")
    [part] = [one for one in page.context["parts"] if one.code == "budgets"]
    assert "Left of the budget at the end of the day (%)" in part.html
    assert f"{reverse('export_start', args=['budget_days'])}?period=month" in part.html
    file = BUDGET_DAYS.read(person, QueryDict("period=month"), ON)
    rows = list(file.rows)
    assert file.filters == {"first": "2026-03-02", "last": "2026-03-31"}
    assert (len(rows), rows[0][0], rows[0][-2:]) == (30, dt.date(2026, 3, 2), (100, 80))
    assert [row[-1] for row in rows[-3:]] == [80, 50, 50]
    assert f'<td class="text-end">{80.0}</td>' in part.html
