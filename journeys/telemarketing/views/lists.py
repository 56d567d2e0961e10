"""All leads, and one of them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from journeys.contact import queries as contact
from journeys.telemarketing import queries
from journeys.telemarketing.forms import LeadFilter
from portal.kit import clock, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_CALLS = 50


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


@requires(Permission.VIEW_LEADS)
def lead_page(request: HttpRequest, lead_id: int) -> HttpResponse:
    """This will show a lead of the person's scope, masked, what its calls came to, and who had it
    when and why."""
    rows = queries.list_leads(scope=scope_of(staff_of(request)), at=clock.now())
    lead = rows.filter(pk=lead_id).first()
    if lead is None:
        raise Http404
    moves = queries.told_moves(lead)
    context = {
        "lead": lead, "moves": moves, "told": queries.score_told(lead),
        "calls": list(queries.calls_of_lead(lead)[:_CALLS]),
        "credits": queries.credits_of(lead),
        "merges": queries.merges_of(lead),
        "standing": queries.standing_merge(lead),
        "may_undo": staff_of(request).may(Permission.ASSIGN_LEADS),
    }  # fmt: skip
    return render(request, "journeys/telemarketing/lead_page.html", context)
