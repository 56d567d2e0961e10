"""The calendar of rest days and workdays: a year is entered, a day is changed."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.contact.models import CalendarDay, CalendarYear
from journeys.contact.rules import OtherDay
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

    Days that have passed cannot become others, once the year is known. Raises CalendarNotAllowed.
    """
    if strange := [day for day in days if day.year != year]:
        raise CalendarNotAllowed(_("{day} is not in {year}.").format(day=min(strange), year=year))
    known = CalendarYear.objects.select_for_update().filter(year=year).first()
    stood = {
        row.day: OtherDay(row.is_workday, row.name)
        for row in CalendarDay.objects.filter(day__year=year)
    }
    changed = sorted(day for day in stood.keys() | days.keys() if stood.get(day) != days.get(day))
    if known is not None:
        _refuse_past(changed, at)
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
        },
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
    _refuse_past([day], at)
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


def _refuse_past(changed: list[dt.date], at: dt.datetime) -> None:
    today = clock.bank_day(at)
    if changed and changed[0] < today:
        raise CalendarNotAllowed(
            _("{day} has passed and cannot become another day.").format(day=changed[0])
        )


def _word(other: OtherDay | None) -> str:
    """How a day stands in the audit trail."""
    if other is None:
        return ""
    return f"{other.name}, {'workday' if other.is_workday else 'rest'}"
