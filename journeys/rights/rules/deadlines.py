"""The clock of a request: working days from the day after it was received."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

NEAR_DAYS = 5  # from so many calendar days before the end on, a request is near its limit


def due_date(received: dt.date, working_days: int, workdays: Mapping[dt.date, bool]) -> dt.date:
    """This will return the last day on which an answer is in time: the working day number
    `working_days` after the day of receipt, which does not count itself.

    `workdays` tells of each day that may come in question whether it is one.
    """
    day, left = received, working_days
    while left:
        day += dt.timedelta(days=1)
        left -= workdays[day]
    return day


@dataclass(frozen=True, slots=True)
class Clock:
    """How a running request stands on a day: `days_left` is 0 on the last day that is in time."""

    days_left: int

    @property
    def is_overdue(self) -> bool:
        return self.days_left < 0

    @property
    def is_near(self) -> bool:
        """Whether the end is near, and has not passed."""
        return 0 <= self.days_left <= NEAR_DAYS

    @property
    def days_over(self) -> int:
        """The days since the last one that was in time."""
        return max(0, -self.days_left)

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        if self.is_overdue:
            return "danger"
        return "warning" if self.is_near else "info"


def clock_on(due: dt.date, on: dt.date) -> Clock:
    """This will read the clock of a running request on a day, in calendar days."""
    return Clock((due - on).days)
