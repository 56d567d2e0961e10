"""How something that must be answered stands against its last day."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that runs to a day: `days_left` is 0 on the last day that is in time; from
    `near_days` before it on, the end is near."""

    days_left: int
    near_days: int

    @property
    def is_overdue(self) -> bool:
        return self.days_left < 0

    @property
    def is_near(self) -> bool:
        """Whether the end is near, and has not passed."""
        return 0 <= self.days_left <= self.near_days

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


def clock_on(due: dt.date, on: dt.date, *, near_days: int) -> Clock:
    """This will read on a day the clock that runs to `due`, in calendar days."""
    return Clock((due - on).days, near_days)
