"""The clock that runs to a last day, at its edges."""

import datetime as dt

import pytest

from portal.kit import deadlines

DUE = dt.date(2026, 3, 20)


@pytest.mark.parametrize(
    ("days", "is_overdue", "is_near", "over", "tone"),
    [
        (-4, False, False, 0, "info"), (-3, False, True, 0, "warning"),
        (0, False, True, 0, "warning"), (1, True, False, 1, "danger"),
    ],
)  # fmt: skip
def test_the_clock(days: int, is_overdue: bool, is_near: bool, over: int, tone: str) -> None:
    clock = deadlines.clock_on(DUE, DUE + dt.timedelta(days=days), near_days=3)
    assert clock.days_left == -days
    found = (clock.is_overdue, clock.is_near, clock.days_over, clock.tone)
    assert found == (is_overdue, is_near, over, tone)
