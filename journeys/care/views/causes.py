"""The evaluation: what complaints come from, how often, how fast they are answered."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from journeys.care import queries
from journeys.care.forms import CauseFilter
from journeys.care.rules import FEW, Figures
from portal.kit import charts, clock
from portal.staff import queries as staff_queries
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_MONTHS = 12


@requires(Permission.VIEW_CARE)
def complaint_causes(request: HttpRequest) -> HttpResponse:
    """This will evaluate the complaints of the person's scope by root cause; a filter that is wrong
    is said and left out."""
    scope, on = scope_of(staff_of(request)), clock.today()
    branches = staff_queries.branches_below(scope.branch_path)
    names = [(branch.code, branch.label) for branch in branches]
    form = CauseFilter(request.GET, branches=names)
    form.is_valid()
    asked = form.cleaned_data
    paths = {branch.code: branch.path for branch in branches}
    last = asked.get("last") or on
    wanted = queries.Wanted(
        first=asked.get("first") or _months_before(last, _MONTHS - 1),
        last=last,
        branch_path=paths.get(asked.get("branch", ""), ""),
        kind=asked.get("cause", ""),
    )
    lines = queries.by_cause(scope=scope, wanted=wanted, on=on)
    context = {
        "form": form,
        "wanted": wanted,
        "whole": queries.whole(scope=scope, wanted=wanted, on=on),
        "chart": _chart(queries.by_month(scope=scope, wanted=wanted, on=on)),
        "lines": [(line, _list_of(line, wanted, asked.get("branch", ""))) for line in lines],
        "few": FEW,
    }
    return render(request, "journeys/care/complaint_causes.html", context)


def _months_before(day: dt.date, months: int) -> dt.date:
    """The first day of the month that lies `months` months before that of `day`."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, 1)


def _list_of(line: queries.Line, wanted: queries.Wanted, branch: str) -> str:
    """The address of the list of a line's complaints."""
    asked: dict[str, Any] = {
        "state": "all",
        "cause": line.kind or queries.NO_CAUSE,
        "reference": line.reference,
        "first": wanted.first.isoformat(),
        "last": wanted.last.isoformat(),
        "branch": branch,
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('complaint_list')}?{query}"


def _chart(months: list[tuple[dt.date, Figures]]) -> Any:
    bars = [
        charts.Bar(f"{month:%Y-%m}", figures.complaints, str(figures.complaints))
        for month, figures in months
    ]
    return charts.bars_svg(bars, title=_("Complaints by month of opening"), height=170)
