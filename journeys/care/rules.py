"""The clock of a complaint: calendar days, whether the bank works on them or not."""

import datetime as dt
from dataclasses import dataclass

from journeys.care.enums import Grade

NEAR_DAYS = 3  # from so many days before the end on, a complaint is near its limit


@dataclass(frozen=True, slots=True)
class Limits:
    """Days from the day of opening to the last day on which the answer is in time.

    A special complaint has the days of a complex one, and `extension_days` more where a second
    person allowed it.
    """

    simple_days: int
    complex_days: int
    extension_days: int

    def of(self, grade: str) -> int:
        """This will return the limit of a grade, without extension."""
        return self.simple_days if grade == Grade.SIMPLE else self.complex_days


@dataclass(frozen=True, slots=True)
class Clock:
    """How a complaint stands on a day: `days_left` is 0 on the last day that is in time."""

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


def due_date(opened: dt.date, limit_days: int, extension_days: int = 0) -> dt.date:
    """This will return the last day on which an answer is in time."""
    return opened + dt.timedelta(days=limit_days + extension_days)


def clock_on(due: dt.date, on: dt.date) -> Clock:
    """This will read the clock of an open complaint on a day."""
    return Clock((due - on).days)
