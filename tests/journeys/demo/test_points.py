"""Points of the demo bank never fall below nothing."""

import datetime as dt
import random
from collections import defaultdict

import pytest

from journeys.demo import points
from journeys.points.enums import PointsKind

ON = dt.date(2026, 11, 23)


def _month(year: int, month: int) -> dt.date:
    return dt.date(year, month, 1)


def test_points_expire_a_year_later_first_come_first_out() -> None:
    earned = [
        (_month(2025, 8), _month(2026, 8), 300),
        (_month(2025, 9), _month(2026, 9), 200),
        (_month(2026, 10), _month(2027, 10), 900),
    ]
    uses = list(points._uses_of(random.Random("x"), "C1", 7, earned, False, ON))
    assert [(use.kind, use.points, use.on) for use in uses] == [
        (PointsKind.EXPIRED, 300, _month(2026, 8)),
        (PointsKind.EXPIRED, 200, _month(2026, 9)),
    ]


@pytest.mark.parametrize("draw", range(20))
def test_no_balance_is_negative_at_any_day(draw: int) -> None:
    rng = random.Random(f"ledger:{draw}")
    months = [_month(2025, month) for month in range(7, 13)]
    months += [_month(2026, month) for month in range(1, 12)]
    earned = [
        (day, day.replace(year=day.year + 1), rng.randint(1, 4000))
        for day in months
        if rng.random() < 0.8
    ]
    changes: dict[dt.date, int] = defaultdict(int)
    for day, _expires, gained in earned:
        changes[day] += gained
    for use in points._uses_of(rng, "C1", 7, earned, True, ON):
        changes[use.on] -= use.points
        assert use.on <= ON
    balance = 0
    for day in sorted(changes):
        balance += changes[day]
        assert balance >= 0
