"""The list of complaints as a file, without what customers said: free text may hold an address or a
name, which no pattern finds."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from journeys.care import queries
from journeys.care.forms import ComplaintFilter
from journeys.care.models import Complaint
from portal.kit import filters, tables
from portal.kit.registry import Exportable, Exported
from portal.staff import queries as staff_queries
from portal.staff.access import scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff


def _read(staff: Staff, asked: QueryDict, _on: dt.date) -> Exported:
    scope = scope_of(staff)
    branches = staff_queries.branches_below(scope.branch_path)
    form = ComplaintFilter(asked, branches=branches)
    form.is_valid()
    rows = queries.list_complaints(scope=scope, **form.asked)
    lines = _lines(tables.stream(rows, settings.EXPORT_MOST_ROWS))
    return Exported(filters.in_force(form, state=form.asked["state"] or "all"), lines)


def _words_of() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    # Whoever reads the record may see other branches than who made it.
    return partial(filters.in_words, ComplaintFilter(branches=staff_queries.branches_below("")))


def _lines(rows: Iterator[Complaint]) -> Iterator[Sequence[Any]]:
    for row in rows:
        yield (
            row.number,
            row.get_state_display(),
            row.get_grade_display(),
            row.get_channel_display(),
            row.customer.number,
            row.customer.shown_name,
            row.branch.label,
            row.first_opened,
            row.opened_date,
            row.due_date,
            row.answered_date,
            row.closed_date,
            row.get_cause_kind_display() if row.cause_kind else "",
        )


COMPLAINTS = Exportable(
    code="complaints",
    label=_("Complaints"),
    permission=Permission.VIEW_CARE,
    list_url="complaint_list",
    columns=(
        (_("Complaint"), 16), (_("State"), 12), (_("Grade"), 12), (_("Channel"), 18),
        (_("Customer number"), 16), (_("Name"), 16), (_("Branch"), 26),
        (_("Opened on"), 12), (_("Clock runs from"), 12), (_("Answer due"), 12),
        (_("Answered on"), 12), (_("Closed on"), 12), (_("Root cause"), 20),
    ),
    read=_read,
    words_of=_words_of,
)  # fmt: skip
