"""The funnel as pictures, and its part of the page of figures."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from journeys.stages import queries
from journeys.stages.enums import Breakdown
from journeys.stages.exports import sees_no_persons
from journeys.stages.rules import Flow, Funnel
from portal.kit import pictures, sankey
from portal.kit.fewest import FEWEST
from portal.kit.funnel import FunnelStep, funnel_svg
from portal.kit.registry import FiguresAsked
from portal.staff import queries as staff_queries
from portal.staff.access import scope_of, staff_of

_BRANCHES = 12  # small pictures, of the branches with most customers


def drawn(found: Funnel | None) -> dict[str, Any]:
    """This will draw a funnel and the ways between its steps, with what the tables beside them
    say."""
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


def funnel_figures(request: HttpRequest, asked: FiguresAsked) -> dict[str, Any] | None:
    """This will give how far the customers of the asked branches came: all together, and each
    branch as a small picture."""
    staff = staff_of(request)
    is_coarse = sees_no_persons(staff)
    whole, groups = queries.funnels(
        scope=scope_of(staff), wanted=queries.Wanted(branch_path=asked.branch_path),
        by=Breakdown.BRANCH.value, is_coarse=is_coarse,
    )  # fmt: skip
    if whole is None:
        return None
    return {
        **drawn(whole),
        "is_coarse": is_coarse,
        "fewest": FEWEST,
        "filters": asked.filters,
        "branches": _by_branch(groups) if len(groups) > 1 else None,
    }


def _by_branch(groups: list[Funnel]) -> pictures.Picture:
    largest = sorted(groups, key=lambda group: (-group.entered, group.key))[:_BRANCHES]
    names = {row.code: row.label for row in staff_queries.branches_below("")}
    series = [
        pictures.Series(
            names.get(group.key, group.key),
            [100 * step.reached / group.entered if group.entered else None for step in group.steps],
        )
        for group in largest
    ]
    return pictures.multiples(
        "stages-by-branch",
        _("Share of all that reached each step, by branch (%)"),
        [str(step.name) for step in largest[0].steps],
        series,
        over=_("Step"),
        said=lambda value: f"{value:.1f}",
        export="stage_funnel",
        note=_("The branches with most customers, at most {count}.").format(count=_BRANCHES),
    )
