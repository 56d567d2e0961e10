"""The rhythm of days: weekdays, months, holidays and shopping festivals, by scenario."""

import datetime as dt
import random
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from merchants.directory.enums import Scenario

# The first day of the Chinese year; a year beyond this table simply has no Spring Festival.
_NEW_YEAR = [
    dt.date(2023, 1, 22), dt.date(2024, 2, 10), dt.date(2025, 1, 29), dt.date(2026, 2, 17),
    dt.date(2027, 2, 6), dt.date(2028, 1, 26), dt.date(2029, 2, 13), dt.date(2030, 2, 3),
    dt.date(2031, 1, 23), dt.date(2032, 2, 11), dt.date(2033, 1, 31), dt.date(2034, 2, 19),
    dt.date(2035, 2, 8), dt.date(2036, 1, 28),
]  # fmt: skip

# Factors for Monday to Sunday.
_WEEK = {
    Scenario.DINING: (0.85, 0.85, 0.9, 0.95, 1.2, 1.4, 1.25),
    Scenario.GROCERIES: (0.9, 0.9, 0.95, 0.95, 1.0, 1.25, 1.2),
    Scenario.TRAVEL: (0.8, 0.75, 0.8, 1.0, 1.35, 1.4, 1.1),
    Scenario.CAR: (1.0, 0.95, 0.95, 1.0, 1.15, 1.1, 0.95),
    Scenario.HEALTH: (1.15, 1.1, 1.05, 1.0, 0.95, 0.95, 0.8),
    Scenario.EDUCATION: (1.0, 1.0, 1.0, 0.95, 0.9, 1.2, 1.15),
    Scenario.ONLINE: (1.05, 1.0, 1.0, 1.0, 1.05, 0.95, 1.0),
    Scenario.OTHER: (0.85, 0.85, 0.9, 0.95, 1.1, 1.4, 1.3),
}
_BEFORE_NEW_YEAR = {Scenario.GROCERIES: 1.6, Scenario.ONLINE: 1.3, Scenario.OTHER: 1.5}
_AT_NEW_YEAR = {
    Scenario.DINING: 0.9, Scenario.GROCERIES: 0.7, Scenario.TRAVEL: 1.9, Scenario.CAR: 1.3,
    Scenario.HEALTH: 0.5, Scenario.EDUCATION: 0.2, Scenario.ONLINE: 0.55, Scenario.OTHER: 0.7,
}  # fmt: skip
_GOLDEN_WEEK = {
    Scenario.DINING: 1.45, Scenario.TRAVEL: 2.3, Scenario.CAR: 1.5, Scenario.HEALTH: 0.7,
    Scenario.EDUCATION: 0.5, Scenario.OTHER: 1.3,
}  # fmt: skip


def _new_year_factor(scenario: str, day: dt.date) -> float:
    for first in _NEW_YEAR:
        days = (day - first).days
        if -14 <= days < -1:
            return _BEFORE_NEW_YEAR.get(Scenario(scenario), 1.0)
        if -1 <= days < 7:
            return _AT_NEW_YEAR[Scenario(scenario)]
    return 1.0


def _festival_factor(scenario: str, day: dt.date) -> float:
    """The shopping festivals of 18 June and 11 November."""
    if scenario not in (Scenario.ONLINE, Scenario.OTHER, Scenario.GROCERIES):
        return 1.0
    online = scenario == Scenario.ONLINE
    month_day = (day.month, day.day)
    if month_day in {(11, 10), (11, 11)}:
        return 4.5 if online else 1.5
    if month_day in {(6, 17), (6, 18)}:
        return 3.2 if online else 1.3
    if (11, 1) <= month_day <= (11, 12) or (6, 1) <= month_day <= (6, 18):
        return 1.4 if online else 1.05
    return 1.0


def is_public_holiday(day: dt.date) -> bool:
    """This will tell whether `day` falls into one of the three long holidays."""
    if (5, 1) <= (day.month, day.day) <= (5, 5) or (10, 1) <= (day.month, day.day) <= (10, 7):
        return True
    return any(-1 <= (day - first).days < 7 for first in _NEW_YEAR)


def day_factor(scenario: str, day: dt.date) -> float:
    """This will return how much is bought on `day` in a scenario; an ordinary day has about 1."""
    factor = _WEEK[Scenario(scenario)][day.weekday()] * _new_year_factor(scenario, day)
    month_day = (day.month, day.day)
    if (5, 1) <= month_day <= (5, 5) or (10, 1) <= month_day <= (10, 7):
        factor *= _GOLDEN_WEEK.get(Scenario(scenario), 1.0)
    if scenario == Scenario.EDUCATION and ((8, 20) <= month_day <= (9, 10) or day.month == 2):
        factor *= 2.2
    if day.day in (10, 15):  # the usual days of pay
        factor *= 1.08
    return factor * _festival_factor(scenario, day)


def office_factor(day: dt.date) -> float:
    """This will return how many applications are filed on `day`; an ordinary weekday has 1."""
    if is_public_holiday(day):
        return 0.06
    return (1.05, 1.05, 1.0, 1.0, 0.95, 0.4, 0.25)[day.weekday()]


@dataclass(frozen=True)
class Days:
    """A row of days that can be drawn by weight, in a whole or within a part of it."""

    first: dt.date
    cumulated: Sequence[float]  # one more than there are days, starting with 0

    def draw(self, rng: random.Random, first: int, end: int) -> int:
        """This will draw a day's position from `first` to before `end`."""
        low, high = self.cumulated[first], self.cumulated[end]
        return min(end - 1, bisect_right(self.cumulated, low + rng.random() * (high - low)) - 1)


def days_of(scenario: str | None, first: dt.date, count: int) -> Days:
    """This will weigh `count` days from `first` on; None stands for the bank's counters."""
    days = [first + dt.timedelta(days=number) for number in range(count)]
    weights = [
        office_factor(day) if scenario is None else day_factor(scenario, day) for day in days
    ]
    return Days(first, [0.0, *accumulate(weights)])
