"""Points of the demo bank never fall below nothing."""

import datetime as dt
import random

import pytest

from journeys.demo import points
from journeys.points.enums import PointsKind

ON = dt.date(2026, 11, 23)


def _month(year: int, month: int) -> dt.date:
    return dt.date(year, month, 1)


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
    gone = 0  # redeemed or expired, in the order in which it was earned
    for use in points._uses_of(rng, "C1", 7, earned, ON):
        assert (use.kind, use.on <= ON) == (PointsKind.REDEEMED, True)
        gone = max(gone, sum(gained for _day, expires, gained in earned if expires <= use.on))
        gone += use.points
        assert gone <= sum(gained for day, _expires, gained in earned if day <= use.on)
