"""Leads that were collected, and the way from application to card."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from journeys.kpis import queries
from journeys.kpis.enums import LeadsBy, TimesBy
from journeys.kpis.forms import LONGEST, LeadsFilter, TimesFilter
from journeys.telemarketing import queries as telemarketing
from portal.kit import clock
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_USUAL = 90


def _span(
    request: HttpRequest, kind: type[LeadsFilter | TimesFilter]
) -> tuple[Any, dict[str, Any]]:
    """A filter and what it asks for: what is wrong in the address is left out, and never more than
    a year is read."""
    today = clock.today()
    usual = {"first": today - dt.timedelta(days=_USUAL), "last": today}
    form = kind(request.GET or None, initial=usual)
    said = form.cleaned_data if form.is_valid() else {}
    last = said.get("last") or today
    first = said.get("first") or last - dt.timedelta(days=_USUAL)
    return form, {
        "by": said.get("by"), "last": last, "first": max(first, last - dt.timedelta(days=LONGEST)),
    }  # fmt: skip


@require_safe
@requires(Permission.VIEW_FIGURES)
def lead_figures(request: HttpRequest) -> HttpResponse:
    """This will show the leads collected by team or source, how they were followed up, and what
    came of them."""
    form, asked = _span(request, LeadsFilter)
    asked["by"] = by = LeadsBy(asked["by"] or LeadsBy.TEAM)
    lines, total = queries.leads_collected(scope=scope_of(staff_of(request)), **asked)
    context = {
        "form": form, "lines": lines, "total": total, "by": by, "asked": asked,
        "fewest": telemarketing.FEWEST,
    }  # fmt: skip
    return render(request, "journeys/kpis/lead_figures.html", context)


@require_safe
@requires(Permission.VIEW_FIGURES)
def approval_figures(request: HttpRequest) -> HttpResponse:
    """This will show how long it takes from application to card, and where applications drop."""
    form, asked = _span(request, TimesFilter)
    asked["by"] = by = TimesBy(asked["by"] or TimesBy.BRANCH)
    lines, total, limit = queries.approval_times(scope=scope_of(staff_of(request)), **asked)
    context = {
        "form": form, "lines": lines, "total": total, "by": by, "asked": asked, "limit": limit,
    }  # fmt: skip
    return render(request, "journeys/kpis/approval_figures.html", context)
