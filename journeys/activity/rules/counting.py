"""Days and shares of figures of activity."""

import calendar
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from portal.kit import fewest

# Days after the issue within which a new card is used; and days ahead that are forecast.
COHORT_DAYS = (30, 65, 90)
FORECAST_DAYS = (30, 60, 90)
# Months back that the page can show.
FRAMES = (3, 6, 12)


@dataclass(frozen=True)
class Exclusions:
    """Which cards a definition leaves out; `policy_products` are the codes of the products with an
    added policy function."""

    closed: bool
    unactivated: bool
    supplementary: bool
    policy_products: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ratio:
    """So many of a whole."""

    part: int
    whole: int

    @property
    def percent(self) -> Decimal | None:
        return Decimal(100 * self.part) / self.whole if self.whole else None

    def coarse(self) -> "Ratio":
        """This will return it so coarse that it tells of no single person."""
        return Ratio(fewest.coarse(self.part), fewest.coarse(self.whole))

    def reaches(self, percent: Decimal) -> bool:
        """This will tell whether it is as high as that; nothing of nothing is not."""
        return bool(self.whole) and 100 * self.part >= percent * self.whole


def months_later(day: dt.date, months: int) -> dt.date:
    """This will return the same day so many months later (earlier where negative), or the last of
    that month where there is no such day."""
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def last_since(on: dt.date, months: int) -> dt.date:
    """This will return the last day since which a card may rest to be asleep on a day: the last one
    that lies so many months before it. Where several days have no day of their own in the later
    month, as 29, 30 and 31 August have none in February, that is the last of them."""
    since = months_later(on, -months)
    while months_later(since + dt.timedelta(days=1), months) <= on:
        since += dt.timedelta(days=1)
    return since


def is_mature(month: dt.date, days: int, on: dt.date) -> bool:
    """This will tell whether all cards issued in a month had so many days by the end of a day."""
    last = months_later(month, 1) - dt.timedelta(days=1)
    return last + dt.timedelta(days=days) <= on
