"""Where one should stand on a day: the target of each month, split over its workdays."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from journeys.targets.rules.splitting import next_month

_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Day:
    """A day of a plan: what should have been reached by its end, and what was; None for a day that
    has not come."""

    day: dt.date
    aimed: Decimal
    actual: Decimal | None


@dataclass(frozen=True)
class Pace:
    """How far one is: of the whole target what should be reached by now, and what was. `ahead` is
    by how much it is more, `percent` how much of what should be reached was. Where less is better
    the target is a ceiling, of which so much may be used by now: in whole ones, rounded up."""

    target: Decimal
    due: Decimal
    actual: Decimal
    is_ceiling: bool = False

    @property
    def ahead(self) -> Decimal:
        return self.actual - self.due

    @property
    def percent(self) -> Decimal | None:
        """None before anything is due, and of a ceiling."""
        if self.is_ceiling:
            return None
        return (100 * self.actual / self.due).quantize(Decimal("0.1")) if self.due else None

    @property
    def is_behind(self) -> bool:
        """Whether a whole one is missing of what is due; of a ceiling, whether more was used than
        may be by now."""
        return self.actual > self.due if self.is_ceiling else self.actual < int(self.due)


def aimed_by(
    cells: Mapping[dt.date, Decimal], workdays: Mapping[dt.date, bool]
) -> dict[dt.date, Decimal]:
    """This will tell for each day of the months of `cells` what should be reached by its end. The
    target of a month is spread evenly over its workdays, and over all days of a month that has
    none; the last day of a month has all of it."""
    found: dict[dt.date, Decimal] = {}
    before = Decimal(0)
    for month in sorted(cells):
        days = _days(month)
        at_work = [day for day in days if workdays.get(day, day.weekday() < 5)] or days
        counted = set(at_work)
        done = 0
        for day in days:
            done += day in counted
            found[day] = before + (cells[month] * done / len(at_work)).quantize(_CENT)
        before += cells[month]
    return found


def _days(month: dt.date) -> list[dt.date]:
    count = (next_month(month) - month).days
    return [month + dt.timedelta(days=number) for number in range(count)]


def run_up(
    aimed: Mapping[dt.date, Decimal], made: Mapping[dt.date, Decimal], *, on: dt.date
) -> list[Day]:
    """This will set day by day what was reached beside what should have been, up to `on`."""
    found, so_far = [], Decimal(0)
    for day in sorted(aimed):
        so_far += made.get(day, Decimal(0))
        found.append(Day(day, aimed[day], so_far if day <= on else None))
    return found


def pace_of(days: Sequence[Day], *, on: dt.date, is_ceiling: bool = False) -> Pace:
    """This will tell how far one is on a day that is not over yet: what was reached up to then,
    beside what should have been by the end of the day before; of a ceiling, beside what may be used
    by the end of the day."""
    target = days[-1].aimed if days else Decimal(0)
    due = actual = Decimal(0)
    for one in days:
        actual = actual if one.actual is None else one.actual
        due = one.aimed if one.day < on or (is_ceiling and one.day == on) else due
    if is_ceiling:
        due = due.to_integral_value(ROUND_CEILING)
    return Pace(target, due, actual, is_ceiling)
