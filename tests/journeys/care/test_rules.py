"""The clock: calendar days, edges, and due dates against counting on fingers."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.care import rules
from journeys.care.enums import Grade

LIMITS = rules.Limits(simple_days=15, complex_days=30, extension_days=30)
OPENED = dt.date(2026, 9, 28)  # the long holiday of October lies in between


@pytest.mark.parametrize(
    ("grade", "limit"), [(Grade.SIMPLE, 15), (Grade.COMPLEX, 30), (Grade.SPECIAL, 30)]
)
def test_the_limit_follows_from_the_grade(grade: str, limit: int) -> None:
    assert LIMITS.of(grade) == limit


@pytest.mark.parametrize(
    ("days", "left", "over", "tone"),
    [
        (0, 15, 0, "info"),
        (11, 4, 0, "info"),
        (12, 3, 0, "warning"),
        (14, 1, 0, "warning"),
        (15, 0, 0, "warning"),
        (16, -1, 1, "danger"),
    ],
)
def test_the_clock_at_its_edges(days: int, left: int, over: int, tone: str) -> None:
    due = rules.due_date(OPENED, 15)
    clock = rules.clock_on(due, OPENED + dt.timedelta(days=days))
    assert (clock.days_left, clock.days_over, clock.tone) == (left, over, tone)
    assert clock.is_overdue == (days > 15)


def naive_due(opened: dt.date, days: int) -> dt.date:
    """Day after day, each of which counts, also Sundays and holidays."""
    day = opened
    for _number in range(days):
        day = dt.date.fromordinal(day.toordinal() + 1)
    return day


@given(
    opened=st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31)),
    limit=st.integers(1, 90),
    extension=st.integers(0, 90),
    on=st.integers(-5, 200),
)
def test_due_dates_agree_with_the_oracle(
    opened: dt.date, limit: int, extension: int, on: int
) -> None:
    due = rules.due_date(opened, limit, extension)
    assert due == naive_due(opened, limit + extension)
    clock = rules.clock_on(due, opened + dt.timedelta(days=on))
    assert clock.is_overdue == (on > limit + extension)
    assert clock.days_left == limit + extension - on
