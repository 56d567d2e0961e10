"""Pages of budgets: the account of a campaign, and the ledger of all."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaigns.budgets import forms, panels, queries
from campaigns.planning import queries as planning
from campaigns.rewards import queries as rewards
from portal.kit import clock, parts
from portal.kit.tables import page_of
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_SHOWN = 20


def _campaign(code: str) -> Any:
    campaign = planning.find_campaign(code)
    if campaign is None:
        raise Http404
    return campaign


@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
def budget_page(request: HttpRequest, code: str) -> HttpResponse:
    """This will show how much of a campaign's budget and stock is used, how long it lasts, and
    what was taken back."""
    campaign, person = _campaign(code), staff_of(request)
    taken = rewards.reversals_of(campaign.pk, scope=scope_of(person))[: _SHOWN + 1]
    context = panels.account(
        campaign_id=campaign.pk, scope=scope_of(staff_of(request)), on=clock.today()
    )
    context |= {
        "campaign": campaign,
        "taken_back": rewards.explained(list(taken)[:_SHOWN]),
        "has_more_taken_back": len(taken) > _SHOWN,
        "failures": rewards.failures_of(campaign.pk, scope=scope_of(person))[:_SHOWN],
        "shown": _SHOWN,
        "may_see_customers": person.may(Permission.VIEW_CUSTOMERS),
    }
    return render(request, "campaigns/budgets/page.html", context)


@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
@parts.part_of("campaign_page", "code")
def budget_state(request: HttpRequest, code: str) -> HttpResponse:
    """This will tell on a campaign's page how its budget stands, as a part of it."""
    campaign = _campaign(code)
    context = panels.account(
        campaign_id=campaign.pk, scope=scope_of(staff_of(request)), on=clock.today()
    )
    return render(request, "campaigns/budgets/_state.html", context | {"campaign": campaign})


@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
def budget_ledger(request: HttpRequest) -> HttpResponse:
    """This will list what was charged and given back, within the person's branches."""
    form = forms.ledger_filter(request.GET)
    form.is_valid()
    rows = queries.entries(scope=scope_of(staff_of(request)), **forms.asked_of(form))
    page = page_of(request, rows)
    names = dict(queries.party_names(queries.parties()))
    context = {"form": form, "page": page}
    context["rows"] = [(row, names.get(row.party, row.party)) for row in page.rows]
    return render(request, "campaigns/budgets/ledger.html", context)
