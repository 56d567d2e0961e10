"""The page of the journey's funnel."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from journeys.cards import queries as cards
from journeys.stages import queries
from journeys.stages.enums import Breakdown
from journeys.stages.forms import FunnelFilter
from journeys.stages.rules import Flow, Funnel
from portal.kit import sankey
from portal.kit.funnel import FunnelStep, funnel_svg
from portal.staff import queries as staff_queries
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

Names = dict[str, str]
_SHOWN_MONTHS = 24  # an older month is chosen in the filter


@requires(Permission.VIEW_STAGES)
def stage_funnel(request: HttpRequest) -> HttpResponse:
    """This will show how far customers came; a filter that is wrong is left out."""
    scope = scope_of(staff_of(request))
    below = staff_queries.branches_below(scope.branch_path)
    branches = {branch.code: branch.label for branch in below}
    products = {product.code: product.label for product in cards.own_products()}
    form = FunnelFilter(
        request.GET,
        branches=list(branches.items()),
        products=list(products.items()),
        months=queries.months_of_entry(),
    )
    form.is_valid()
    paths = {branch.code: branch.path for branch in below}
    wanted = _wanted(form.cleaned_data, paths)
    by = form.cleaned_data.get("by") or Breakdown.BRANCH.value
    whole, groups = queries.funnels(scope=scope, wanted=wanted, by=by)
    context = {
        "form": form,
        "by": Breakdown(by).label,
        **_whole(whole),
        "groups": _named(groups, by, branches, products),
        "left_out": max(0, len(groups) - _SHOWN_MONTHS) if by == Breakdown.MONTH else 0,
    }
    return render(request, "journeys/stages/stage_funnel.html", context)


def _wanted(asked: dict[str, Any], paths: Names) -> queries.Wanted:
    month = asked.get("month")
    return queries.Wanted(
        branch_path=paths.get(asked.get("branch", ""), ""),
        product=asked.get("product", ""),
        month=dt.date.fromisoformat(f"{month}-01") if month else None,
    )


def _whole(found: Funnel | None) -> dict[str, Any]:
    steps = found.steps if found else []
    flows = found.flows() if found else []
    drawn = [FunnelStep(step.name, step.reached) for step in steps]
    ways = [
        sankey.Step(
            step.name,
            step.reached,
            [_end(flow) for flow in flows if flow.is_end and flow.source == step.name],
        )
        for step in steps
    ]
    return {
        "steps": steps,
        "picture": funnel_svg(drawn, title=_("Customers by step reached")),
        "flows": flows,
        "ways": sankey.sankey_svg(ways, title=_("From step to step, and where others stopped")),
    }


def _end(flow: Flow) -> sankey.End:
    kind = sankey.LOST if flow.is_lost else sankey.STAYED
    return sankey.End(flow.target, flow.customers, kind)


def _named(
    found: list[Funnel], by: str, branches: Names, products: Names
) -> list[tuple[str, Funnel]]:
    """The groups with their names: the latest months first, others the largest first."""
    if by == Breakdown.MONTH:
        return [(group.key, group) for group in reversed(found[-_SHOWN_MONTHS:])]
    names = {**products, "": _("No product yet")} if by == Breakdown.PRODUCT else branches
    largest = sorted(found, key=lambda group: (-group.entered, group.key))
    return [(names.get(group.key, group.key), group) for group in largest]
