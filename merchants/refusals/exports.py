"""Refusals as a file: reasons, answers and outcomes; no words of people."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from merchants.refusals import queries
from merchants.refusals.forms import RefusalFilter
from merchants.refusals.models import Refusal
from portal.kit import filters
from portal.kit.registry import BadFilter, Exportable, Exported
from portal.staff.access import scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff

_AT_ONCE = 500


def _read(staff: Staff, asked: QueryDict, _on: dt.date) -> Exported:
    form = RefusalFilter(asked)
    if not form.is_valid():
        raise BadFilter(gettext("These filters cannot be read: open the list again."))
    rows = queries.list_refusals(scope=scope_of(staff), **form.cleaned_data)
    return Exported(filters.in_force(form), _lines(rows.iterator(chunk_size=_AT_ONCE)))


def _lines(found: Iterable[Refusal]) -> Iterator[Sequence[Any]]:
    tree, left = queries.forest(), iter(found)
    while some := list(islice(left, _AT_ONCE)):
        tries = queries.tries_by_refusal(refusals=some)
        for row in some:
            head = (
                row.said_date, _number(row), tree.reasons[row.reason_id].get_root_display(),
                tree.path_of(row.reason_id), row.get_state_display(), row.recorded_by.label,
            )  # fmt: skip
            own = tries.get(row.pk, [])
            if not own:
                yield (*head, None, None, None, None)
            for one in reversed(own):
                yield (
                    *head, one.answer.label, one.tried_date, one.get_outcome_display(),
                    one.outcome_date,
                )  # fmt: skip


def _number(row: Refusal) -> str:
    return row.partnership.merchant.number if row.partnership else row.lead.number  # type: ignore[union-attr]


def _words_of() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    form = RefusalFilter()
    return lambda asked: filters.in_words(form, asked)


REFUSALS = Exportable(
    code="refusals",
    label=_("Refusals of merchants"),
    permission=Permission.VIEW_MERCHANTS,
    list_url="merchant_refusal_list",
    columns=[
        (_("Said on"), 12), (_("Merchant or lead"), 18), (_("Kind of reason"), 18),
        (_("Reason for refusing"), 40), (_("What became of it"), 18), (_("Recorded by"), 16),
        (_("Answer tried"), 30), (_("Tried on"), 12), (_("Outcome"), 16), (_("Outcome on"), 12),
    ],
    read=_read,
    words_of=_words_of,
    is_about_customers=False,
)  # fmt: skip
