"""Pages of flash sales for the bank's people."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.flash import operations, queries
from campaigns.flash.enums import SaleState
from campaigns.flash.forms import ClaimFilter, SaleForm
from campaigns.flash.models import FlashSale
from campaigns.planning import queries as planning
from campaigns.planning.rules import plans
from campaigns.rewards import queries as rewards
from portal.kit import charts, clock, parts
from portal.kit.tables import page_of
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_TONES = {
    SaleState.WAITING: "warning",
    SaleState.OPEN: "success",
    SaleState.CLOSED: "secondary",
    SaleState.STOPPED: "danger",
}


@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
def flash_list(request: HttpRequest) -> HttpResponse:
    """This will list the flash sales."""
    page = page_of(request, queries.sales())
    lines = [_shown(sale) for sale in page.rows]
    return render(request, "campaigns/flash/list.html", {"page": page, "lines": lines})


@never_cache
@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
def flash_page(request: HttpRequest, sale_id: int) -> HttpResponse:
    """This will show a sale: its clock, its counts, how the claims came."""
    sale = _sale(sale_id)
    context = _shown(sale) | _figures(sale)
    context["may_see_customers"] = staff_of(request).may(Permission.VIEW_CUSTOMERS)
    return render(request, "campaigns/flash/page.html", context)


@never_cache
@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
@parts.part_of("flash_page", "sale_id")
def flash_figures(request: HttpRequest, sale_id: int) -> HttpResponse:
    """This will show the clock and counts of a sale, asked for every other second by its page."""
    sale = _sale(sale_id)
    return render(request, "campaigns/flash/_figures.html", _shown(sale) | _figures(sale))


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
def flash_claims(request: HttpRequest, sale_id: int) -> HttpResponse:
    """This will list the claims of customers whom the person may see."""
    sale = _sale(sale_id)
    asked = ClaimFilter(request.GET)
    state = asked.cleaned_data["state"] if asked.is_valid() else ""
    rows = queries.claims(sale, scope=scope_of(staff_of(request)), state=state)
    page = page_of(request, rows)
    backs = rewards.taken_back([row.grant_id for row in page.rows if row.reversal])
    lines = [(row, backs.get(row.grant_id)) for row in page.rows]
    context = {**_shown(sale), "page": page, "lines": lines, "filter": asked}
    return render(request, "campaigns/flash/claims.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.RUN_CAMPAIGNS)
def flash_new(request: HttpRequest, code: str) -> HttpResponse:
    """This will arrange a sale of the campaign's approved version."""
    campaign = planning.find_campaign(code)
    if campaign is None:
        raise Http404
    version = planning.approved_version(campaign)
    tiers = plans.plan_of(version.content).rewards.tiers if version else ()
    form = SaleForm(request.POST or None, tiers=tiers)
    if request.method == "POST" and version is not None and form.is_valid():
        try:
            sale = operations.arrange_sale(
                version_id=version.pk, by=staff_of(request), at=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("The sale is arranged; it opens by itself."))
            return redirect("flash_page", sale.pk)
        except operations.SaleRefused as refused:
            form.add_error(None, str(refused))
    context = {"campaign": campaign, "version": version, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "campaigns/flash/new.html", context, status=status)


def _sale(sale_id: int) -> FlashSale:
    sale = queries.find_sale(sale_id)
    if sale is None:
        raise Http404
    return sale


def _shown(sale: FlashSale) -> dict[str, Any]:
    """A sale for a template: its state with a colour, its reward's name."""
    at = clock.now()
    state = sale.state_at(at)
    tier = plans.plan_of(sale.version.content).rewards.tier(sale.tier)
    until = {SaleState.WAITING: sale.opens_at, SaleState.OPEN: sale.closes_at}.get(state)
    return {
        "sale": sale,
        "campaign": sale.version.campaign,
        "state": state.label,
        "tone": _TONES[state],
        "is_waiting": state == SaleState.WAITING,
        "is_live": until is not None,
        "clock": _clock((until - at).total_seconds()) if until else "",
        "reward": tier.label if tier else sale.tier,
    }


def _figures(sale: FlashSale) -> dict[str, Any]:
    times = queries.claims_over_time(sale)
    bars = [
        charts.Bar(f"{timezone.localtime(time):%H:%M:%S}", count, str(count))
        for time, count in times
    ]
    chart = charts.bars_svg(bars, title=_("Claims over time")) if bars else ""
    return {"counts": queries.counts_of(sale), "chart": chart}


def _clock(seconds: float) -> str:
    """A span as days and hours:minutes:seconds."""
    days, rest = divmod(max(0, int(seconds)), 86_400)
    hours, rest = divmod(rest, 3_600)
    clock_part = f"{hours:02}:{rest // 60:02}:{rest % 60:02}"
    return _("{days} d {clock}").format(days=days, clock=clock_part) if days else clock_part
