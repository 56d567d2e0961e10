"""Deadlines in working days, and what a search looks for."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.rights.rules import deadlines, needles
from portal.kit.personal import ERASED, Needles


def by_weekday(first: dt.date) -> dict[dt.date, bool]:
    days = (first + dt.timedelta(days=n) for n in range(150))
    return {day: day.weekday() < 5 for day in days}


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2026-06-01", 15, "2026-06-22"),  # a Monday: three weeks
        ("2026-06-05", 1, "2026-06-08"),  # a Friday: the next Monday
        ("2026-06-06", 1, "2026-06-08"),  # a Saturday
        ("2026-06-07", 15, "2026-06-26"),
        ("2026-06-04", 2, "2026-06-08"),
    ],
)
def test_working_days(received: str, days: int, due: str) -> None:
    first = dt.date.fromisoformat(received)
    assert deadlines.due_date(first, days, by_weekday(first)).isoformat() == due


def test_a_holiday_is_no_working_day_and_a_make_up_day_is_one() -> None:
    # Friday, then a Saturday that is worked, and a week of holidays.
    received = dt.date(2026, 2, 13)
    days = by_weekday(received)
    days[dt.date(2026, 2, 14)] = True
    days |= {dt.date(2026, 2, 16) + dt.timedelta(days=n): False for n in range(7)}
    assert deadlines.due_date(received, 1, days) == dt.date(2026, 2, 14)
    assert deadlines.due_date(received, 2, days) == dt.date(2026, 2, 23)


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), st.integers(1, 60))
def test_working_days_against_counting(received: dt.date, days: int) -> None:
    due = deadlines.due_date(received, days, by_weekday(received))
    between = [received + dt.timedelta(days=n + 1) for n in range((due - received).days)]
    assert sum(day.weekday() < 5 for day in between) == days
    assert due.weekday() < 5


@pytest.mark.parametrize(
    ("left", "is_overdue", "is_near", "over", "tone"),
    [
        (6, False, False, 0, "info"), (5, False, True, 0, "warning"),
        (0, False, True, 0, "warning"), (-1, True, False, 1, "danger"),
    ],
)  # fmt: skip
def test_the_clock(left: int, is_overdue: bool, is_near: bool, over: int, tone: str) -> None:
    day = dt.date(2026, 6, 1)
    clock = deadlines.clock_on(day + dt.timedelta(days=left), day)
    assert (clock.is_overdue, clock.is_near, clock.days_over, clock.tone) == (
        is_overdue, is_near, over, tone,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("needle", "text", "is_found"),
    [
        ("C1", "客户C1已注销", True), ("C1", "C10", False), ("C1", "XC1", False),
        ("C1", "C1", True), ("a.b+c@x.cn", "to a.b+c@x.cn.", True),
        ("a.b+c@x.cn", "to aXb+c@x.cn", False), ("王小明", "找王小明说", True),
        ("(x)", "y(x)z", True),
    ],
)  # fmt: skip
def test_a_needle_is_found_as_a_whole(needle: str, text: str, is_found: bool) -> None:
    assert bool(re.search(needles.pattern_of((needle,)), text)) is is_found


@pytest.mark.parametrize("text", ["", None, " ", "王", "***", ERASED])
def test_what_says_nothing_is_no_needle(text: str | None) -> None:
    assert needles.worth(text) == ()


def test_needles_are_kept_whole() -> None:
    held = Needles(("C1",), ("王小明",), ("139****0001",), (b"\x00\xff",))
    assert needles.from_text(needles.to_text(held)) == held
    assert held + held == held
    assert needles.shortest_of(held) == 2


@given(
    st.lists(st.text("C1a王.+(\\", min_size=1, max_size=4), min_size=1, max_size=3),
    st.text("C1a王.+(\\ ", max_size=12),
)
def test_the_quick_pattern_misses_nothing(texts: list[str], text: str) -> None:
    if re.search(needles.pattern_of(tuple(texts)), text):
        assert re.search(needles.quick_pattern_of(tuple(texts)), text)
    in_it = any(one in text for one in texts)
    assert bool(re.search(needles.quick_pattern_of(tuple(texts)), text)) is in_it
