"""The rhythm of days."""

import datetime as dt
import random

import pytest

from journeys.demo import rhythm
from merchants.directory.enums import Scenario


@pytest.mark.parametrize(
    ("scenario", "day", "other", "times"),
    [
        (Scenario.ONLINE, dt.date(2025, 11, 11), dt.date(2025, 11, 25), 4.4),
        (Scenario.ONLINE, dt.date(2026, 6, 18), dt.date(2026, 6, 25), 3.1),
        (Scenario.TRAVEL, dt.date(2026, 10, 3), dt.date(2026, 10, 17), 2.2),
        (Scenario.TRAVEL, dt.date(2026, 5, 2), dt.date(2026, 5, 16), 2.2),
        (Scenario.GROCERIES, dt.date(2026, 2, 10), dt.date(2026, 3, 10), 1.4),
        (Scenario.DINING, dt.date(2026, 3, 14), dt.date(2026, 3, 16), 1.6),
    ],
)
def test_festivals_and_weekends_are_busier(
    scenario: str, day: dt.date, other: dt.date, times: float
) -> None:
    assert rhythm.day_factor(scenario, day) >= times * rhythm.day_factor(scenario, other)


def test_little_is_bought_on_line_at_the_spring_festival() -> None:
    festival, ordinary = dt.date(2026, 2, 17), dt.date(2026, 3, 17)
    factor = rhythm.day_factor
    assert factor(Scenario.ONLINE, festival) < 0.7 * factor(Scenario.ONLINE, ordinary)


@pytest.mark.parametrize(
    ("day", "is_holiday"),
    [
        (dt.date(2026, 2, 15), False), (dt.date(2026, 2, 16), True), (dt.date(2026, 2, 23), True),
        (dt.date(2026, 2, 24), False), (dt.date(2026, 4, 30), False), (dt.date(2026, 5, 1), True),
        (dt.date(2026, 5, 5), True), (dt.date(2026, 5, 6), False), (dt.date(2026, 9, 30), False),
        (dt.date(2026, 10, 1), True), (dt.date(2026, 10, 7), True), (dt.date(2026, 10, 8), False),
    ],
)  # fmt: skip
def test_the_long_holidays(day: dt.date, is_holiday: bool) -> None:
    assert rhythm.is_public_holiday(day) is is_holiday


def test_counters_are_nearly_still_on_holidays_and_slow_on_sundays() -> None:
    assert rhythm.office_factor(dt.date(2026, 10, 1)) < 0.1
    assert rhythm.office_factor(dt.date(2026, 3, 1)) < 0.3
    assert rhythm.office_factor(dt.date(2026, 3, 2)) > 1


def test_days_are_drawn_within_their_part() -> None:
    days = rhythm.days_of(Scenario.DINING, dt.date(2026, 3, 2), 14)
    rng = random.Random("days")
    drawn = [days.draw(rng, 3, 10) for _day in range(2000)]
    assert (min(drawn), max(drawn)) == (3, 9)
    assert drawn.count(5) > drawn.count(8)  # Saturday before Tuesday
    assert {days.draw(rng, 4, 5) for _day in range(20)} == {4}
