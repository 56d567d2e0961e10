"""Applications against the limit of approval."""

import datetime as dt

import pytest

from journeys.cards import rules
from journeys.cards.enums import Clock

ON = dt.date(2026, 3, 31)


@pytest.mark.parametrize(
    ("days", "clock"),
    [(0, "within"), (14, "within"), (15, "near"), (19, "near"), (20, "near"), (21, "over"),
     (400, "over"), (-1, "within")],
)  # fmt: skip
def test_the_clock(days: int, clock: str) -> None:
    filed, limits = ON - dt.timedelta(days=days), rules.USUAL
    assert limits.clock_of(filed, ON) == clock
    assert limits.left(filed, ON) == 20 - days
    assert (filed <= limits.surfacing(ON)) == (clock != "within")
    found = [
        value for value in Clock.values
        if limits.filed_between(value, ON)[0] <= filed < limits.filed_between(value, ON)[1]
    ]  # fmt: skip
    assert found == [clock]


@pytest.mark.parametrize(
    ("days", "clock"), [(7, "within"), (8, "near"), (10, "near"), (11, "over")]
)
def test_the_clock_by_other_limits(days: int, clock: str) -> None:
    limits, filed = rules.Limits(limit_days=10, near_days=2), ON - dt.timedelta(days=days)
    first, end = limits.filed_between(clock, ON)
    assert (limits.clock_of(filed, ON), first <= filed < end) == (clock, True)
