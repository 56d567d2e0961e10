"""The page of the journey's funnel."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from journeys.stages import queries
from journeys.stages.enums import Breakdown
from journeys.stages.exports import funnel_filter
from journeys.stages.forms import FunnelFilter
from journeys.stages.rules import Flow, Funnel
from portal.kit import sankey
from portal.kit.funnel import FunnelStep, funnel_svg
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_SHOWN_MONTHS = 24  # an older month is chosen in the filter


@requires(Permission.VIEW_STAGES)
def stage_funnel(request: HttpRequest) -> HttpResponse:
    """This will show how far customers came; a filter that is wrong is left out."""
    scope = scope_of(staff_of(request))
    form = funnel_filter(request.GET, scope.branch_path)
    form.is_valid()
    whole, groups = queries.funnels(scope=scope, wanted=form.wanted, by=form.grouped_by)
    context = {
        "form": form,
        "by": Breakdown(form.grouped_by).label,
        **_whole(whole),
        "groups": _named(groups, form),
        "left_out": max(0, len(groups) - _SHOWN_MONTHS)
        if form.grouped_by == Breakdown.MONTH
        else 0,
    }
    return render(request, "journeys/stages/stage_funnel.html", context)


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


def _named(found: list[Funnel], form: FunnelFilter) -> list[tuple[str, Funnel]]:
    """The groups with their names: the latest months first, others the largest first."""
    if form.grouped_by == Breakdown.MONTH:
        return [(group.key, group) for group in reversed(found[-_SHOWN_MONTHS:])]
    largest = sorted(found, key=lambda group: (-group.entered, group.key))
    return [(form.name_of(group.key), group) for group in largest]
