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
    filed = ON - dt.timedelta(days=days)
    assert rules.clock_of(filed, ON) == clock
    found = [
        value for value in Clock.values
        if rules.filed_between(value, ON)[0] <= filed < rules.filed_between(value, ON)[1]
    ]  # fmt: skip
    assert found == [clock]
