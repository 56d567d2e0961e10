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
from journeys.stages.enums import Breakdown
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
    branches = {row.code: row for row in staff_queries.branches_below(scope.branch_path)}
    products = {product.code: product.label for product in cards.own_products()}
    names = {code: row.label for code, row in branches.items()}
    form = _form(asked, names, products)
    form.is_valid()
    given = form.cleaned_data
    branch, month = branches.get(given.get("branch", "")), given.get("month")
    by = given.get("by") or Breakdown.BRANCH.value
    wanted = queries.Wanted(
        branch_path=branch.path if branch else "",
        product=given.get("product", ""),
        month=dt.date.fromisoformat(f"{month}-01") if month else None,
    )
    whole, groups = queries.funnels(scope=scope, wanted=wanted, by=by)
    labels = names | products
    if by == Breakdown.PRODUCT:
        labels[""] = gettext("No product yet")
    return Exported(filters.in_force(form, by=by), _lines(whole, groups, labels))


def _form(
    asked: QueryDict | None, branches: dict[str, str], products: dict[str, str]
) -> FunnelFilter:
    return FunnelFilter(
        asked,
        branches=list(branches.items()),
        products=list(products.items()),
        months=queries.months_of_entry(),
    )


def _words_of() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    # Whoever reads the record may see other branches than who made it.
    branches = {row.code: row.label for row in staff_queries.branches_below("")}
    products = {product.code: product.label for product in cards.own_products()}
    return partial(filters.in_words, _form(None, branches, products))


def _lines(
    whole: Funnel | None, groups: list[Funnel], labels: dict[str, str]
) -> Iterator[Sequence[Any]]:
    if whole is None:
        return
    named = [(gettext("All"), whole)]
    named += [(labels.get(group.key, group.key), group) for group in groups]
    for name, funnel in named:
        for step in funnel.steps:
            yield (
                name, str(step.name), step.reached, step.stayed, step.of_before, step.of_first,
                step.median_days,
            )  # fmt: skip


STAGE_FUNNEL = Exportable(
    code="stage_funnel",
    label=_("Stages of the journey"),
    permission=Permission.VIEW_STAGES,
    list_url="stage_funnel",
    columns=(
        (_("Group"), 26), (_("Step"), 22), (_("Reached"), 12), (_("Now here"), 12),
        (_("Of the step before, %"), 16), (_("Of all, %"), 12), (_("Median days"), 12),
    ),
    read=_read,
    words_of=_words_of,
    is_about_customers=False,
)  # fmt: skip
