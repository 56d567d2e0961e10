"""The application clock: who waits how long for a decision."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from journeys.cards import queries, rules
from journeys.cards.enums import Clock
from journeys.cards.forms import ClockFilter
from journeys.cards.models import Application
from journeys.notices import queries as notices
from portal.kit import clock, tables
from portal.staff import queries as staff_queries
from portal.staff.access import Scope, requires, scope_of, staff_of
from portal.staff.enums import Permission

_TONES = {Clock.OVER: "danger", Clock.NEAR: "warning", Clock.WITHIN: "secondary"}


@requires(Permission.VIEW_CUSTOMERS)
def application_clock(request: HttpRequest) -> HttpResponse:
    """This will list the open applications of the person's scope by days open; a filter that is
    wrong is left out."""
    scope, on = scope_of(staff_of(request)), clock.today()
    branches = staff_queries.branches_below(scope.branch_path)
    form = ClockFilter(
        request.GET,
        branches=[(branch.code, branch.label) for branch in branches],
        products=[(product.code, product.label) for product in queries.own_products()],
    )
    form.is_valid()
    asked = form.cleaned_data
    paths = {branch.code: branch.path for branch in branches}
    rows = queries.open_applications(
        scope=scope,
        on=on,
        clock=asked.get("clock", ""),
        branch_path=paths.get(asked.get("branch", ""), ""),
        product=asked.get("product", ""),
        track=asked.get("track", ""),
    )
    page = tables.page_of(request, rows)
    counts = queries.counts_by_clock(scope=scope, on=on)
    told = notices.told_before([application.pk for application in page.rows])
    context = {
        "form": form,
        "page": page,
        "limit": rules.APPROVAL_DAYS,
        "counts": counts,
        "open_count": sum(counts.values()),
        "results": notices.counts(scope=scope, on=on),
        "waiting": [_waiting(row, on, told.get(row.pk), scope) for row in page.rows],
    }
    return render(request, "journeys/cards/application_clock.html", context)


def _waiting(application: Application, on: dt.date, told: Any, scope: Scope) -> dict[str, Any]:
    """`told` is the result that the customer was told before it was opened again, if any."""
    stands = rules.clock_of(application.filed_date, on)
    days = rules.days_waiting(application.filed_date, on)
    return {
        "application": application,
        "days": days,
        "left": rules.APPROVAL_DAYS - days,
        "clock": stands.label,
        "tone": _TONES[stands],
        "told": told,
        "is_reached": scope.reaches(application.customer.branch),
    }
