"""Lists of negotiations, the renewal calendar, and what a partnership's page shows."""

import datetime as dt
import itertools
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from merchants.negotiation import queries
from merchants.negotiation.forms import NegotiationFilter, ReasonForm, RenewalFilter
from merchants.partnerships.access import load, may_lead
from merchants.partnerships.queries.partnerships import MINE
from portal.kit import clock, parts, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_USUAL_DAYS = 180
# So long a contract that ended and that nobody follows up stays in the calendar.
LAPSED_DAYS = 365


def days_since(instant: dt.datetime, on: dt.date) -> int:
    """This will count the days from an instant's day to another."""
    return (on - clock.bank_day(instant)).days


@requires(Permission.VIEW_MERCHANTS)
def negotiation_list(request: HttpRequest) -> HttpResponse:
    """This will show the negotiations of the person's scope; a wrong filter is left out."""
    scope, on = scope_of(staff_of(request)), clock.today()
    form = NegotiationFilter(request.GET)
    form.is_valid()
    page = tables.page_of(request, queries.list_negotiations(scope=scope, **form.cleaned_data))
    context = {
        "form": form,
        "page": page,
        "rows": [
            {
                "row": row,
                "days": row.days_in_stage(on),
                "idle": days_since(row.stepped_at, on),
            }
            for row in page.rows
        ],
    }
    return render(request, "merchants/negotiation/negotiation_list.html", context)


@requires(Permission.VIEW_MERCHANTS)
def renewal_calendar(request: HttpRequest) -> HttpResponse:
    """This will show the contracts that come to their end, month by month, and the open
    reminders."""
    staff, on = staff_of(request), clock.today()
    scope = scope_of(staff)
    form = RenewalFilter({"days": str(_USUAL_DAYS), **request.GET.dict()})
    form.is_valid()
    days = form.cleaned_data.get("days") or _USUAL_DAYS
    is_own = form.cleaned_data.get("whose") == MINE
    endings = queries.endings_within(scope=scope, on=on, days=days, back=LAPSED_DAYS, is_own=is_own)
    months = itertools.groupby(endings, key=lambda one: one.last_date.replace(day=1))
    context = {
        "form": form,
        "days": days,
        "months": [
            {"month": month, "rows": [_ending(staff, one, on) for one in rows]}
            for month, rows in months
        ],
        "reminders": [
            {"row": row, "is_late": row.due_date < on, "may_lead": may_lead(staff, row.partnership)}
            for row in queries.reminders_within(scope=scope)[:50]
        ],
        "reason_form": ReasonForm(auto_id=False),
    }
    return render(request, "merchants/negotiation/renewal_calendar.html", context)


def _ending(staff: Any, one: queries.Ending, on: dt.date) -> dict[str, Any]:
    return {
        "ending": one,
        "days": one.days_left(on),
        "ago": -one.days_left(on),
        "is_past_notice": one.is_past_notice(on),
        "may_lead": may_lead(staff, one.partnership),
    }


@requires(Permission.VIEW_MERCHANTS)
@parts.part_of("partnership_page", "partnership_id")
def partnership_negotiations(request: HttpRequest, partnership_id: int) -> HttpResponse:
    """This will give the part of a partnership's page about its negotiations and the terms that
    hold."""
    staff, on = staff_of(request), clock.today()
    row = load(staff, partnership_id)
    talks = queries.in_talks_of(row)
    context = {
        "row": row,
        "negotiations": list(queries.of_partnership(row)[:20]),
        "signed": queries.latest_signed(row, on=on),
        "may_open": may_lead(staff, row) and row.is_open and talks is None,
    }
    return render(request, "merchants/negotiation/_of_partnership.html", context)
