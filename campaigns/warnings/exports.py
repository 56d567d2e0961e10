"""Alerts as a file: figures and states, customers by number alone."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from campaigns.warnings import queries
from campaigns.warnings.forms import MINE, WAITING, AlertFilter
from campaigns.warnings.models import Alert
from portal.kit import clock, filters
from portal.kit.registry import Exportable, Exported
from portal.kit.tables import stream
from portal.staff.access import scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff

_BATCH = 200


def _read(staff: Staff, asked: QueryDict, _on: dt.date) -> Exported:
    form = AlertFilter(asked)
    asked_for = form.asked()
    rows = queries.list_alerts(scope=scope_of(staff), reader=staff, **asked_for)
    given = filters.in_force(form, whose=MINE, state=WAITING)
    return Exported(given, _lines(stream(rows, settings.EXPORT_MOST_ROWS)))


def _words_of() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    return lambda given: filters.in_words(AlertFilter(), given)


def _lines(rows: Iterator[Alert]) -> Iterator[Sequence[Any]]:
    batch: list[Alert] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield from map(_line, queries.lines_of(batch))
            batch = []
    yield from map(_line, queries.lines_of(batch))


def _line(line: queries.Line) -> Sequence[Any]:
    row = line.alert
    return (
        row.pk, str(row.get_kind_display()), str(row.get_subject_display()), line.about,
        str(row.get_severity_display()), str(row.get_state_display()), float(row.weight),
        row.owner.label, row.branch.label, clock.bank_day(row.first_seen_at),
        clock.bank_day(row.last_seen_at), line.words,
    )  # fmt: skip


ALERTS = Exportable(
    code="warnings",
    label=_("Early warnings"),
    permission=Permission.VIEW_WARNINGS,
    list_url="alert_list",
    columns=(
        (_("Number"), 10), (_("Kind"), 28), (_("About"), 18), (_("Whom or what"), 28),
        (_("Severity"), 14), (_("State"), 16), (_("Weight"), 10), (_("Who looks at it"), 18),
        (_("Branch"), 20), (_("First seen"), 14), (_("Last seen"), 14), (_("What was seen"), 80),
    ),
    read=_read,
    words_of=_words_of,
)  # fmt: skip
