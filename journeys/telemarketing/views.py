"""Pages of branch telemarketing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from journeys.contact import queries as contact
from journeys.telemarketing import queries
from journeys.telemarketing.forms import LeadFilter
from portal.kit import clock, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


@requires(Permission.VIEW_LEADS)
def lead_list(request: HttpRequest) -> HttpResponse:
    """This will show the leads of the person's scope; a filter that is wrong is left out."""
    form = LeadFilter(request.GET)
    form.is_valid()
    at = clock.now()
    rows = queries.list_leads(
        scope=scope_of(staff_of(request)),
        at=at,
        state=form.cleaned_data.get("state", ""),
        source=form.cleaned_data.get("source", ""),
    )
    context = {
        "form": form,
        "page": tables.page_of(request, rows),
        "control": contact.control_group_on(clock.bank_day(at)),
    }
    return render(request, "journeys/telemarketing/lead_list.html", context)
