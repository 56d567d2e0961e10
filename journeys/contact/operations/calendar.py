"""The calendar of rest days and workdays: a year is entered, a day is changed."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.contact.models import CalendarDay, CalendarYear
from journeys.contact.rules import OtherDay, kept_of
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.models import Staff


class CalendarNotAllowed(Exception):
    """Raised when a calendar would change days that have passed, or names days of another year;
    its text is a sentence for a person."""


@transaction.atomic
def enter_year(
    *,
    year: int,
    days: Mapping[dt.date, OtherDay],
    source: str,
    actor: Staff | None,
    at: dt.datetime,
    is_assumed: bool = False,
) -> CalendarYear:
    """This will enter the days of a year that are not what their weekday says, in place of those
    entered before. From its commit on the gate plans into that year.

    Days of a known year that have passed stay as they are: it was acted by them
    (`queries.kept_days` tells which). Raises CalendarNotAllowed.
    """
    if strange := [day for day in days if day.year != year]:
        raise CalendarNotAllowed(_("{day} is not in {year}.").format(day=min(strange), year=year))
    known = CalendarYear.objects.select_for_update().filter(year=year).first()
    stood = {
        row.day: OtherDay(row.is_workday, row.name)
        for row in CalendarDay.objects.filter(day__year=year)
    }
    kept = kept_of(stood, days, clock.bank_day(at)) if known is not None else {}
    changed = sorted(
        day for day in (stood.keys() | days.keys()) - kept.keys() if stood.get(day) != days.get(day)
    )
    CalendarDay.objects.filter(day__in=changed).delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(day=day, is_workday=days[day].is_workday, name=days[day].name, source=source)
        for day in changed
        if day in days
    )
    entered, _is_new = CalendarYear.objects.update_or_create(
        year=year, defaults={"source": source, "is_assumed": is_assumed}
    )
    audit.record(
        action="calendar.year_entered",
        actor=actor,
        at=at,
        target=entered,
        reason=source,
        changes={
            day.isoformat(): {"before": _word(stood.get(day)), "after": _word(days.get(day))}
            for day in changed
        }
        | ({"stay": [day.isoformat() for day in kept]} if kept else {}),
    )
    return entered


@transaction.atomic
def change_day(
    *,
    day: dt.date,
    other: OtherDay | None,
    source: str,
    actor: Staff | None,
    at: dt.datetime,
) -> None:
    """This will make one day of a known year a workday or a rest day, or (None) again what its
    weekday says. Raises CalendarNotAllowed."""
    if not CalendarYear.objects.select_for_update().filter(year=day.year).exists():
        raise CalendarNotAllowed(
            _("The calendar of {year} is not known yet; enter the whole year.").format(
                year=day.year
            )
        )
    if day < clock.bank_day(at):
        raise CalendarNotAllowed(
            _("{day} has passed and cannot become another day.").format(day=day)
        )
    row = CalendarDay.objects.filter(day=day).first()
    before = OtherDay(row.is_workday, row.name) if row else None
    CalendarDay.objects.filter(day=day).delete()
    if other is not None:
        CalendarDay.objects.create(
            day=day, is_workday=other.is_workday, name=other.name, source=source
        )
    audit.record(
        action="calendar.day_changed",
        actor=actor,
        at=at,
        target=CalendarYear.objects.get(year=day.year),
        reason=source,
        changes={day.isoformat(): {"before": _word(before), "after": _word(other)}},
    )


def _word(other: OtherDay | None) -> str:
    """How a day stands in the audit trail."""
    if other is None:
        return ""
    return f"{other.name}, {'workday' if other.is_workday else 'rest'}"
