"""The page of results: who was told, who waits, who was not told and why."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from journeys.notices import queries
from journeys.notices.forms import ResultFilter
from portal.kit import clock, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


@requires(Permission.VIEW_CUSTOMERS)
def result_list(request: HttpRequest) -> HttpResponse:
    """This will list the results of the last month in the person's scope; a wrong filter is left
    out."""
    form, staff, on = ResultFilter(request.GET), staff_of(request), clock.today()
    form.is_valid()
    scope, kind = scope_of(staff), form.cleaned_data.get("told", "")
    rows = queries.list_notices(scope=scope, on=on, kind=kind)
    page = tables.page_of(request, rows)
    reached = (row.customer_id for row in page.rows if scope.reaches(row.customer.branch))
    context = {
        "form": form,
        "page": page,
        "reached": set(reached),
        "counts": queries.counts(scope=scope, on=on),
        "days": queries.SHOWN_DAYS,
        "rule": queries.rule_on(on),
        "may_see_outbox": staff.may(Permission.VIEW_OUTBOX),
    }
    return render(request, "journeys/notices/result_list.html", context)
