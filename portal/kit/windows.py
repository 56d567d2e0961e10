"""Half-open spans of days: a window holds its first day and not its end."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class DayWindow:
    """Days from `first` (inside) to `end` (outside)."""

    first: dt.date
    end: dt.date

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day < self.end

    @property
    def last(self) -> dt.date:
        """The last day inside the window."""
        return self.end - dt.timedelta(days=1)


def window_from(anchor: dt.date, days: int, *, last_day_inside: bool) -> DayWindow:
    """This will return the window that opens on `anchor` and runs for `days` days.

    `last_day_inside` says whether the day `anchor + days` still counts: with 65 days from
    1 March it is 5 May that counts, or not.
    """
    return DayWindow(anchor, anchor + dt.timedelta(days=days + (1 if last_day_inside else 0)))
