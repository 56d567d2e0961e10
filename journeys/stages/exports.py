"""The funnel of the journey as a file: figures of groups, no customers."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from journeys.cards import queries as cards
from journeys.stages import queries
from journeys.stages.forms import FunnelFilter
from journeys.stages.rules import Funnel
from portal.kit import filters
from portal.kit.registry import Exportable, Exported
from portal.staff import queries as staff_queries
from portal.staff.access import scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff


def _read(staff: Staff, asked: QueryDict, _on: dt.date) -> Exported:
    scope = scope_of(staff)
    form = funnel_filter(asked, scope.branch_path)
    form.is_valid()
    is_coarse = sees_no_persons(staff)
    whole, groups = queries.funnels(
        scope=scope, wanted=form.wanted, by=form.grouped_by, is_coarse=is_coarse
    )
    # The file says by itself what its figures are.
    named = gettext("All, in fives; fewer than five count as none") if is_coarse else gettext("All")
    return Exported(filters.in_force(form, by=form.grouped_by), _lines(named, whole, groups, form))


def sees_no_persons(staff: Staff) -> bool:
    """Whether the figures of a person must tell nothing of single customers."""
    return not staff.may(Permission.VIEW_CUSTOMERS)


def funnel_filter(asked: QueryDict | None, branch_path: str) -> FunnelFilter:
    """This will make the filter with what there is to choose from in a branch and below it."""
    return FunnelFilter(
        asked,
        branches=staff_queries.branches_below(branch_path),
        products=cards.own_products(),
        months=queries.months_of_entry(),
    )


def _words_of() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    # Whoever reads the record may see other branches than who made it.
    return partial(filters.in_words, funnel_filter(None, ""))


def _lines(
    name_of_all: str, whole: Funnel | None, groups: list[Funnel], form: FunnelFilter
) -> Iterator[Sequence[Any]]:
    if whole is None:
        return
    named = [(name_of_all, whole)]
    named += [(form.name_of(group.key), group) for group in groups]
    for name, funnel in named:
        for step in funnel.steps:
            yield (
                name, str(step.name), step.reached, step.stayed, step.of_before, step.of_first,
                step.median_days, step.timed if step.median_days is not None else None,
            )  # fmt: skip


STAGE_FUNNEL = Exportable(
    code="stage_funnel",
    label=_("Stages of the journey"),
    permission=Permission.VIEW_STAGES,
    list_url="stage_funnel",
    columns=(
        (_("Group"), 26), (_("Step"), 22), (_("Reached"), 12), (_("Now here"), 12),
        (_("Of the step before, %"), 16), (_("Of all, %"), 12), (_("Median days"), 12),
        (_("Days known of"), 12),
    ),
    read=_read,
    words_of=_words_of,
    is_about_customers=False,
)  # fmt: skip
