"""Months of branches side by side, as pictures and as a file."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.http import QueryDict
from django.test import Client

from campaigns.era import queries
from campaigns.era.exports import BRANCH_MONTHS
from portal.models import Branch
from portal.staff.enums import Role
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 31, 4, tzinfo=dt.UTC)
ON, FEBRUARY = dt.date(2026, 3, 31), dt.date(2026, 2, 1)


def month_of(branch: Branch, cards: int, month: dt.date = FEBRUARY) -> None:
    row_of("campaigns.EraMonth", branch=branch, month=month, cards=cards, pulled=0, batched=0,
           brought=0)  # fmt: skip


def test_those_right_below_the_top_are_compared_or_the_top_alone() -> None:
    region = BranchFactory()
    one, two = BranchFactory(parent=region), BranchFactory(parent=region)
    deep = BranchFactory(parent=one)
    assert queries.side_by_side(region.path) == [one, two]
    assert queries.side_by_side(one.path) == [deep]
    assert queries.side_by_side(two.path) == [two]
    assert [row.code for row in queries.side_by_side("")] == [region.code]
    assert queries.side_by_side("/nowhere/") == []


def test_months_are_those_of_a_branch_with_all_below() -> None:
    region = BranchFactory()
    one, two = BranchFactory(parent=region), BranchFactory(parent=region)
    month_of(one, 10)
    month_of(BranchFactory(parent=one), 5)
    within, rows = queries.months_of([one, two], on=ON)
    assert (within[0], within[-1], len(within)) == (dt.date(2025, 3, 1), FEBRUARY, 12)
    found = {branch: [sums and sums.cards for sums in by_month][-2:] for branch, by_month in rows}
    assert found == {one: [None, 15], two: [None, 0]}


@time_machine.travel(NOW, tick=False)
def test_picture_and_file_say_the_same(client_of: Callable[..., Client]) -> None:
    region = BranchFactory()
    one, two = BranchFactory(parent=region), BranchFactory(parent=region)
    month_of(one, 1234)
    month_of(two, 7)
    boss = StaffFactory(role=Role.BRANCH_MANAGER, branch=region, language="en")
    page = client_of(boss).get("/figures/")
    [part] = [shown for shown in page.context["parts"] if shown.code == "months"]
    cells = '<th scope="row">2026-02</th><td class="text-end">1,234</td><td class="text-end">7</td>'
    assert cells in part.html
    rows = list(BRANCH_MONTHS.read(boss, QueryDict(""), ON).rows)
    assert [(row[0], row[1], row[3]) for row in rows] == [
        ("2026-02", one.code, 1234), ("2026-02", two.code, 7),
    ]  # fmt: skip
    below = BRANCH_MONTHS.read(boss, QueryDict(f"branch={two.code}"), ON)
    assert (below.filters, len(list(below.rows))) == ({"branch": two.code}, 1)
    assert BRANCH_MONTHS.words_of()(below.filters)[0][1] == two.label
