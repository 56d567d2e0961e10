"""Reading rules of contact and the calendar."""

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from journeys.contact.models import CalendarDay, CalendarYear, ContactHours, ContactRule
from journeys.contact.rules import OtherDay, kept_of

_FROM_MONTH = 11


@dataclass(frozen=True)
class Dated:
    """A rule with a day, whether it is in force, still to come or past, and its figures."""

    rule: Any
    state: str
    figures: tuple[Any, ...] = ()

    @property
    def tone(self) -> str:
        return {"in_force": "success", "coming": "info"}.get(self.state, "secondary")


def caps(*, on: dt.date) -> list[Dated]:
    """This will list all caps, the latest first, with their states on a day."""
    rows = ContactRule.objects.order_by("-effective_date")
    return dated(rows, lambda _rule: (), on, "day_cap", "month_cap")


def hours(*, on: dt.date) -> list[Dated]:
    """This will list all hours by place, channel and kind of day, the latest first."""
    rows = ContactHours.objects.order_by(
        "division_prefix", "channel", "-day_kind", "-effective_date"
    )
    return dated(rows, lambda row: (row.division_prefix, row.channel, row.day_kind), on)


def dated(
    rows: Iterable[Any], about: Callable[[Any], Hashable], on: dt.date, *figures: str
) -> list[Dated]:
    """This will say of rules, the latest of each matter first, which is in force on a day;
    `figures` names the fields that its table shows."""
    found: list[Dated] = []
    in_force: set[Hashable] = set()
    for row in rows:
        key = about(row)
        if row.effective_date > on:
            state = "coming"
        elif key in in_force:
            state = "past"
        else:
            state = "in_force"
            in_force.add(key)
        found.append(Dated(row, state, tuple(getattr(row, name) for name in figures)))
    return found


def year_of(year: int) -> CalendarYear | None:
    """This will return a year of the calendar, or None where it is not known."""
    return CalendarYear.objects.filter(year=year).first()


def known_years() -> list[int]:
    """This will list the years that are known."""
    return list(CalendarYear.objects.order_by("year").values_list("year", flat=True))


def days_of(year: int) -> list[CalendarDay]:
    """This will list the days of a year that are not what their weekday says."""
    return list(CalendarDay.objects.filter(day__year=year).order_by("day"))


def kept_days(
    *, year: int, days: Mapping[dt.date, OtherDay], on: dt.date
) -> dict[dt.date, OtherDay | None]:
    """This will tell which passed days of a known year stay as they are when `days` are entered
    for it, and as what; of a year that is not known none."""
    if year_of(year) is None:
        return {}
    stood = {row.day: OtherDay(row.is_workday, row.name) for row in days_of(year)}
    return kept_of(stood, days, on)


def years_to_enter(*, on: dt.date) -> dict[int, bool]:
    """This will tell which years must be entered, and whether each is assumed meanwhile: the
    present one, and from November on the next."""
    wanted = [on.year] + ([on.year + 1] if on.month >= _FROM_MONTH else [])
    known = dict(CalendarYear.objects.filter(year__in=wanted).values_list("year", "is_assumed"))
    return {year: year in known for year in wanted if known.get(year, True)}


def workdays(*, first: dt.date, end: dt.date) -> dict[dt.date, bool]:
    """This will tell of each day from `first` to before `end` whether it is a workday: as the
    calendar says or, in a year that it does not know, by the weekday."""
    others = dict(
        CalendarDay.objects.filter(day__gte=first, day__lt=end).values_list("day", "is_workday")
    )
    days = (first + dt.timedelta(days=number) for number in range((end - first).days))
    return {day: others.get(day, day.weekday() < 5) for day in days}
