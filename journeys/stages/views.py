"""The page of the journey's funnel."""

from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats
from django.utils.translation import gettext as _

from journeys.stages import panels, queries
from journeys.stages.enums import Breakdown
from journeys.stages.exports import funnel_filter, sees_no_persons
from journeys.stages.forms import FunnelFilter
from journeys.stages.rules import Funnel
from portal.kit.fewest import FEWEST
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_TENTH = Decimal("0.1")
# A cell of the table of groups: who reached the step; their share and days, "" at the entry.
Cell = tuple[str, str]
_SHOWN_MONTHS = 24  # an older month is chosen in the filter


@requires(Permission.VIEW_STAGES)
def stage_funnel(request: HttpRequest) -> HttpResponse:
    """This will show how far customers came; a filter that is wrong is left out."""
    staff = staff_of(request)
    scope, is_coarse = scope_of(staff), sees_no_persons(staff)
    form = funnel_filter(request.GET, scope.branch_path)
    form.is_valid()
    whole, groups = queries.funnels(
        scope=scope, wanted=form.wanted, by=form.grouped_by, is_coarse=is_coarse
    )
    context = {
        "form": form,
        "is_coarse": is_coarse,
        "fewest": FEWEST,
        "by": Breakdown(form.grouped_by).label,
        **panels.drawn(whole),
        "groups": _rows(_named(groups, form)),
        "left_out": max(0, len(groups) - _SHOWN_MONTHS)
        if form.grouped_by == Breakdown.MONTH
        else 0,
    }
    return render(request, "journeys/stages/stage_funnel.html", context)


def _named(found: list[Funnel], form: FunnelFilter) -> list[tuple[str, Funnel]]:
    """The groups with their names: the latest months first, others the largest first."""
    if form.grouped_by == Breakdown.MONTH:
        return [(group.key, group) for group in reversed(found[-_SHOWN_MONTHS:])]
    largest = sorted(found, key=lambda group: (-group.entered, group.key))
    return [(form.name_of(group.key), group) for group in largest]


def _rows(groups: list[tuple[str, Funnel]]) -> list[tuple[str, list[Cell]]]:
    """The rows of the table in words: made here, for there are more than a thousand cells, and the
    filters of a template take many times as long. The same share and days come again and again."""
    note = cache(_note)
    return [
        (
            name,
            [
                (
                    formats.number_format(step.reached, 0, force_grouping=True),
                    note(step.of_before, step.median_days, step.reached > 0),
                )
                for step in group.steps
            ],
        )
        for name, group in groups
    ]


def _note(of_before: float | None, median_days: float | None, is_reached: bool) -> str:
    if of_before is None:
        return ""
    rounded = Decimal(str(of_before)).quantize(_TENTH, ROUND_HALF_UP)
    share = f"{formats.number_format(rounded, 1)} %"
    if median_days is not None:
        tenths = Decimal(str(median_days)).quantize(_TENTH, ROUND_HALF_UP)
        days = formats.number_format(tenths, 0 if tenths == int(tenths) else 1)
        return f"{share} · {_('%(days)s d') % {'days': days}}"
    return f"{share} · {_('days not known')}" if is_reached else share
