"""The open applications with their clock as a file."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.cards import queries, rules
from journeys.cards.forms import ClockFilter
from journeys.cards.models import Application
from portal.kit import filters, tables
from portal.kit.registry import Exportable, Exported
from portal.staff import queries as staff_queries
from portal.staff.access import scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff


def _read(staff: Staff, asked: QueryDict, on: dt.date) -> Exported:
    scope = scope_of(staff)
    branches = {row.code: row for row in staff_queries.branches_below(scope.branch_path)}
    form = _form(asked, branches.values())
    form.is_valid()
    wanted = {name: form.cleaned_data.get(name, "") for name in form.fields}
    branch = branches.get(wanted.pop("branch"))
    rows = queries.open_applications(
        scope=scope, on=on, branch_path=branch.path if branch else "", **wanted
    )
    lines = _lines(tables.stream(rows, settings.EXPORT_MOST_ROWS), on)
    return Exported(filters.in_force(form), lines)


def _form(asked: QueryDict | None, branches: Iterable[Any]) -> ClockFilter:
    return ClockFilter(
        asked,
        branches=[(row.code, row.label) for row in branches],
        products=[(product.code, product.label) for product in queries.own_products()],
    )


def _words_of() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    # Whoever reads the record may see other branches than who made it.
    return partial(filters.in_words, _form(None, staff_queries.branches_below("")))


def _lines(rows: Iterator[Application], on: dt.date) -> Iterator[Sequence[Any]]:
    for row in rows:
        days = rules.days_waiting(row.filed_date, on)
        yield (
            row.number,
            _now("Yes") if row.is_fast_track else _now("No"),
            row.customer.number,
            row.customer.shown_name,
            row.product.label,
            row.branch.label,
            row.filed_date,
            row.get_state_display(),
            row.supplemented_date,
            days,
            rules.APPROVAL_DAYS - days,
            str(rules.clock_of(row.filed_date, on).label),
        )


OPEN_APPLICATIONS = Exportable(
    code="open_applications",
    label=_("Open applications"),
    permission=Permission.VIEW_CUSTOMERS,
    list_url="application_clock",
    columns=(
        (_("Application"), 16), (_("Fast track"), 10), (_("Customer number"), 16), (_("Name"), 16),
        (_("Product"), 20), (_("Branch"), 26), (_("Filed on"), 12), (_("State"), 14),
        (_("Documents in since"), 12), (_("Days"), 8), (_("Days left"), 10), (_("Clock"), 16),
    ),
    read=_read,
    words_of=_words_of,
)  # fmt: skip
