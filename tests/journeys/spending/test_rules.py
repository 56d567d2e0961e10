"""Comparing turnover, by table."""

import datetime as dt
from decimal import Decimal as D

import pytest

from journeys.spending import rules


def test_the_biggest_changes_come_first_in_either_direction() -> None:
    sums = {1: (D(100), D(90)), 2: (D(0), D(50)), 3: (D(80), D(0)), 4: (D(5), D(5))}
    found = rules.top_movers(sums, 2)
    assert [(move.merchant_id, move.change, move.is_rise) for move in found] == [
        (3, D(-80), False), (2, D(50), True),
    ]  # fmt: skip
    assert len(rules.top_movers(sums, 9)) == 3


@pytest.mark.parametrize(
    ("earlier", "later", "percent"),
    [(D(100), D(150), 50), (D(100), D(0), -100), (D(0), D(10), None), (D(-5), D(10), None)],
)
def test_change_in_percent(earlier: D, later: D, percent: int | None) -> None:
    assert rules.change_in_percent(earlier, later) == percent


def test_months_back_crosses_the_year() -> None:
    assert rules.months_back(dt.date(2026, 2, 28), 3) == [
        dt.date(2025, 12, 1), dt.date(2026, 1, 1), dt.date(2026, 2, 1),
    ]  # fmt: skip
