"""Windows hold their first day and not their end; the edge is what the campaign says it is."""

import datetime as dt

import pytest

from portal.kit.windows import DayWindow, window_from

ISSUED = dt.date(2026, 3, 1)


def day(number: int) -> dt.date:
    """The day `number` days after issue."""
    return ISSUED + dt.timedelta(days=number)


@pytest.mark.parametrize(
    ("number", "last_day_inside", "inside"),
    [
        (-1, True, False), (0, True, True), (64, True, True), (65, True, True), (66, True, False),
        (-1, False, False), (0, False, True), (64, False, True), (65, False, False),
        (66, False, False),
    ],
)  # fmt: skip
def test_the_edges_of_65_days(number: int, last_day_inside: bool, inside: bool) -> None:
    window = window_from(ISSUED, 65, last_day_inside=last_day_inside)
    assert (day(number) in window) is inside


@pytest.mark.parametrize(
    ("last_day_inside", "last"), [(True, dt.date(2026, 5, 5)), (False, dt.date(2026, 5, 4))]
)
def test_the_last_day_inside(last_day_inside: bool, last: dt.date) -> None:
    assert window_from(ISSUED, 65, last_day_inside=last_day_inside).last == last


def test_a_leap_day_is_a_day() -> None:
    window = window_from(dt.date(2028, 2, 28), 2, last_day_inside=False)
    assert window == DayWindow(dt.date(2028, 2, 28), dt.date(2028, 3, 1))
    assert dt.date(2028, 2, 29) in window


def test_an_empty_window_holds_no_day() -> None:
    assert ISSUED not in window_from(ISSUED, 0, last_day_inside=False)
