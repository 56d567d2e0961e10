"""The daily sales report as a file: figures, no customers."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from journeys.kpis import queries
from journeys.kpis.enums import AsOf, Dimension
from journeys.kpis.forms import report_filter
from journeys.kpis.queries import Report
from portal.kit import filters
from portal.kit.registry import Exportable, Exported
from portal.staff.access import scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff


def _read(staff: Staff, asked: QueryDict, on: dt.date) -> Exported:
    scope, usual = scope_of(staff), on - dt.timedelta(days=1)
    form = report_filter(asked, scope.branch_path, usual)
    form.is_valid()
    report = queries.report_of(scope=scope, **form.asked(usual))
    usually = {"day": str(usual), "by": Dimension.BRANCH.value, "as_of": AsOf.NOW.value}
    return Exported(filters.in_force(form, **usually), _lines(report))


def _words_of() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    # Whoever reads the record may see other branches than who made it.
    return partial(filters.in_words, report_filter(None, "", None))


def _lines(report: Report) -> Iterator[Sequence[Any]]:
    for line in (*report.lines, report.total):
        pace = line.pace
        yield (
            report.day, line.name, line.filed, line.approved, line.refused, line.withdrawn,
            line.issued, line.supplementary, line.closed,
            gettext("restated") if line.is_restated else "", line.activated, line.month_issued,
            line.month_activated, line.month_primary, pace.target if pace else None,
            pace.due if pace else None,
        )  # fmt: skip


SALES_REPORT = Exportable(
    code="sales_report",
    label=_("Daily sales report"),
    permission=Permission.VIEW_FIGURES,
    list_url="sales_report",
    columns=(
        (_("Day"), 12), (_("Name"), 24), (_("Applications filed"), 12), (_("Approved"), 10),
        (_("Refused"), 10), (_("Withdrawn"), 10), (_("New cards"), 12),
        (_("of these supplementary"), 14), (_("Issued, as closed"), 14), (_("Restated"), 10),
        (_("Cards activated"), 12), (_("Issued in the month"), 14),
        (_("Activated in the month"), 14), (_("Primary cards in the month"), 14),
        (_("Target of primary cards"), 14), (_("Due by the day"), 14),
    ),
    read=_read,
    words_of=_words_of,
    is_about_customers=False,
)  # fmt: skip
