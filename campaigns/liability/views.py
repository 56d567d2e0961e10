"""The part of the budget page that says what a campaign will still have to grant."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaigns.liability import panels
from campaigns.planning import queries as planning
from portal.kit import clock, parts
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
@parts.part_of("budget_page", "code")
def liability_state(request: HttpRequest, code: str) -> HttpResponse:
    """This will forecast what a campaign still grants, with an interval, by branch and party."""
    campaign = planning.find_campaign(code)
    if campaign is None:
        raise Http404
    context = panels.outlook(campaign, scope=scope_of(staff_of(request)), on=clock.today())
    return render(request, "campaigns/liability/_state.html", context | {"campaign": campaign})
