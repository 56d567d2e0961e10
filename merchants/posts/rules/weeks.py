"""Weeks of a rota, and which days a post stands."""

import datetime as dt
from dataclasses import dataclass

from merchants.posts.enums import PostDays


@dataclass(frozen=True)
class Day:
    """A day of a rota; `is_made_up` is a weekend that is worked on, `is_holiday` a weekday that is
    not."""

    day: dt.date
    is_workday: bool

    @property
    def is_made_up(self) -> bool:
        return self.is_workday and self.day.weekday() >= 5

    @property
    def is_holiday(self) -> bool:
        return not self.is_workday and self.day.weekday() < 5


def stands_on(days: str, is_workday: bool) -> bool:
    """This will tell whether a post that stands on `days` (a PostDays) stands on such a day."""
    if days == PostDays.ALL:
        return True
    return is_workday == (days == PostDays.WORKDAYS)
