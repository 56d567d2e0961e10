"""The calendar of rest days and workdays: a year as a picture, entered and changed."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import dates
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journeys.contact import operations as contact
from journeys.contact import queries
from journeys.contact.forms import DayForm, YearForm
from journeys.contact.rules import OtherDay, holidays_missing, name_of_holiday
from portal.kit import clock, months
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission

_FIRST, _LAST = 2004, 2199


@requires(Permission.VIEW_CONTACT_RULES)
def calendar_page(request: HttpRequest) -> HttpResponse:
    """This will show the year asked for, otherwise the present one."""
    year, today = _year_asked(request), clock.today()
    day = today if year == today.year else dt.date(year, 1, 1)
    return _show(request, year, DayForm(initial={"day": day}))


def _year_asked(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else clock.today().year
    return min(max(year, _FIRST), _LAST)


def _show(request: HttpRequest, year: int, form: DayForm, status: int = 200) -> HttpResponse:
    today = clock.today()
    days = {row.day: OtherDay(row.is_workday, row.name) for row in queries.days_of(year)}
    may_edit = staff_of(request).may(Permission.EDIT_CONTACT_RULES)
    context = {
        "year": year,
        "entry": queries.year_of(year),
        "months": _months(year, days, today),
        "others": _named(days),
        "to_enter": queries.years_to_enter(on=today),
        "may_edit": may_edit,
        "may_enter": may_edit and year >= today.year,
        "form": form,
    }
    return render(request, "journeys/contact/calendar.html", context, status=status)


def _months(
    year: int, days: Mapping[dt.date, OtherDay], today: dt.date | None
) -> list[dict[str, Any]]:
    marks = {
        day: months.Mark(
            _("Workday") if other.is_workday else _("Rest day"),
            "班" if other.is_workday else "休",
            is_free=not other.is_workday,
            text=name_of_holiday(other.name),
        )
        for day, other in days.items()
    }
    return [
        {
            "name": dates.MONTHS[month],
            "picture": months.month_svg(year, month, marks, today=today),
        }
        for month in range(1, 13)
    ]


def _named(days: Mapping[dt.date, OtherDay]) -> list[dict[str, Any]]:
    return [
        {"day": day, "is_workday": other.is_workday, "name": name_of_holiday(other.name)}
        for day, other in days.items()
    ]


@requires(Permission.EDIT_CONTACT_RULES)
def calendar_enter(request: HttpRequest, year: int) -> HttpResponse:
    """This will read a year's notice, show what it says as a picture, and enter it once that was
    looked at."""
    if not clock.today().year <= year <= _LAST:
        raise Http404
    form = YearForm(request.POST or None, year=year)
    is_read = form.is_valid()
    kept = queries.kept_days(year=year, days=form.days, on=clock.today()) if is_read else {}
    if is_read and "enter" in request.POST:
        try:
            contact.enter_year(
                year=year,
                days=form.days,
                source=form.cleaned_data["source"],
                actor=staff_of(request),
                at=clock.now(),
            )
        except contact.CalendarNotAllowed as refusal:
            form.add_error(None, str(refusal))
            is_read = False
        else:
            messages.success(request, _entered(year, list(kept)))
            return redirect(f"{reverse('calendar_page')}?year={year}")
    to_be = {day: other for day, other in form.days.items() if day not in kept}
    to_be = dict(sorted((to_be | {day: other for day, other in kept.items() if other}).items()))
    context = {
        "year": year,
        "form": form,
        "is_read": is_read,
        "months": _months(year, to_be, None) if is_read else [],
        "others": _named(to_be),
        "kept": "、".join(map(str, kept)),
        "missing": "、".join(map(name_of_holiday, holidays_missing(form.days))) if is_read else "",
    }
    status = 422 if request.method == "POST" and not is_read else 200
    return render(request, "journeys/contact/calendar_enter.html", context, status=status)


def _entered(year: int, kept: list[dt.date]) -> str:
    text = _("The calendar of {year} is entered.").format(year=year)
    if kept:
        days = "、".join(map(str, kept))
        text += " " + _("These days have passed and stay as they were: {days}.").format(days=days)
    return text


@require_POST
@requires(Permission.EDIT_CONTACT_RULES)
def calendar_day(request: HttpRequest) -> HttpResponse:
    """This will change one day that has not passed."""
    form = DayForm(request.POST)
    if not form.is_valid():
        return _show(request, clock.today().year, form, status=422)
    day = form.cleaned_data["day"]
    try:
        contact.change_day(
            day=day,
            other=form.cleaned_data["other"],
            source=form.cleaned_data["source"],
            actor=staff_of(request),
            at=clock.now(),
        )
    except contact.CalendarNotAllowed as refusal:
        form.add_error("day", str(refusal))
        return _show(request, max(day.year, _FIRST), form, status=422)
    messages.success(request, _("{day} is changed.").format(day=day))
    return redirect(f"{reverse('calendar_page')}?year={day.year}")
