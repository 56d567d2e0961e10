"""The applications whose card is not issued, with their clock, as a file."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.cards import queries, rules
from journeys.cards.forms import clock_filter
from journeys.cards.models import Application
from portal.kit import filters, tables
from portal.kit.registry import Exportable, Exported
from portal.staff.access import Scope, scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff


def _read(staff: Staff, asked: QueryDict, on: dt.date) -> Exported:
    scope = scope_of(staff)
    form = clock_filter(asked, scope.branch_path)
    form.is_valid()
    limits = queries.limits_on(on)
    rows = queries.open_applications(scope=scope, on=on, limits=limits, **form.asked)
    lines = _lines(tables.stream(rows, settings.EXPORT_MOST_ROWS), on, limits, scope)
    return Exported(filters.in_force(form), lines)


def _words_of() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    # Whoever reads the record may see other branches than who made it.
    return partial(filters.in_words, clock_filter(None, ""))


def _lines(
    rows: Iterator[Application], on: dt.date, limits: rules.Limits, scope: Scope
) -> Iterator[Sequence[Any]]:
    # Of a customer of another branch, the page shows the masked name and no number.
    for row in rows:
        yield (
            row.number,
            _now("Yes") if row.is_fast_track else _now("No"),
            row.customer.number if scope.reaches(row.customer.branch) else "",
            row.customer.shown_name,
            row.product.label,
            row.branch.label,
            row.filed_date,
            str(row.awaits.label),
            row.supplemented_date,
            row.decided_date,
            rules.days_waiting(row.filed_date, on),
            limits.left(row.filed_date, on),
            str(limits.clock_of(row.filed_date, on).label),
        )


OPEN_APPLICATIONS = Exportable(
    code="open_applications",
    label=_("Open applications"),
    permission=Permission.VIEW_CUSTOMERS,
    list_url="application_clock",
    columns=(
        (_("Application"), 16), (_("Fast track"), 10), (_("Customer number"), 16), (_("Name"), 16),
        (_("Product"), 20), (_("Branch"), 26), (_("Filed on"), 12), (_("Waits for"), 26),
        (_("Documents in since"), 12), (_("Approved on"), 12), (_("Days"), 8),
        (_("Days left"), 10), (_("Clock"), 16),
    ),
    read=_read,
    words_of=_words_of,
)  # fmt: skip
