"""What becomes of those inside a campaign as a file: masked, as the page shows it."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from campaigns.design import forms
from campaigns.design.queries import inside
from campaigns.touches import queries as touches
from portal.kit import clock, filters
from portal.kit.registry import Exportable, Exported
from portal.staff.access import scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff


def _read(staff: Staff, asked: QueryDict, on: dt.date) -> Exported:
    with_drafts = staff.may(Permission.EDIT_CAMPAIGNS)
    form = forms.InsideFilter(
        asked, named=inside.edits(with_drafts=with_drafts, key=asked.get("of", ""))
    )
    given = form.asked
    edit = inside.find_edit(given["of"], with_drafts=with_drafts)
    if edit is None:
        return Exported({}, ())
    found = inside.fated(edit, scope=scope_of(staff), fate=given["fate"], on=on)
    lines = inside.lines_of(edit, found, on=on)
    return Exported(filters.in_force(form, of=given["of"]), _rows(lines))


def _words_of() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    def said(given: Mapping[str, str]) -> list[tuple[str, str]]:
        named = inside.edits(with_drafts=True, key=given.get("of", ""))
        return filters.in_words(forms.InsideFilter(named=named), given)

    return said


def _rows(lines: Iterator[touches.Line]) -> Iterator[Sequence[Any]]:
    for line in lines:
        customer = line.stay.customer
        yield (
            customer.number, customer.shown_name, customer.branch.label, line.stay.version.number,
            str(line.fated.fate.label), line.because_words, line.step,
            clock.bank_day(line.planned_at) if line.planned_at else None,
        )  # fmt: skip


PEOPLE_INSIDE = Exportable(
    code="people_inside",
    label=_("What becomes of people inside"),
    permission=Permission.VIEW_CAMPAIGNS,
    list_url="inside_list",
    columns=(
        (_("Customer number"), 16), (_("Name"), 16), (_("Branch"), 26), (_("Inside version"), 14),
        (_("What becomes of them"), 26), (_("Why they leave"), 34),
        (_("Next step of the plan"), 24), (_("Planned for"), 12),
    ),
    read=_read,
    words_of=_words_of,
)  # fmt: skip
