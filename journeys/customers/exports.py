"""The list of customers as a file: masked, as the page shows it."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from journeys.customers import queries
from journeys.customers.forms import CustomerFilter
from journeys.customers.models import Customer
from portal.kit import masking, tables
from portal.kit.registry import BadFilter, Exportable, Exported
from portal.staff.access import scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff


def _read(staff: Staff, asked: QueryDict, _on: dt.date) -> Exported:
    form = CustomerFilter(asked)
    text = form.cleaned_data.get("text", "") if form.is_valid() else ""
    if queries.is_personal(text):
        raise BadFilter(
            gettext("A list found by a phone or another personal number is not taken out.")
        )
    rows = queries.list_customers(scope=scope_of(staff), text=text)
    filters = {"text": _shown(text)} if text else {}
    return Exported(filters, _lines(tables.stream(rows, settings.EXPORT_MOST_ROWS)))


def _shown(text: str) -> str:
    """What was searched for, to be kept: part of a number as it is, part of a name masked."""
    return text if any(sign.isdigit() for sign in text) else masking.mask_name(text)


def _words_of() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    return lambda given: [(gettext("Search"), value) for value in given.values()]


def _lines(rows: Iterator[Customer]) -> Iterator[Sequence[Any]]:
    for row in rows:
        stands = row.stage_row
        yield (
            row.number,
            row.shown_name,
            row.kind_label,
            row.phone_masked,
            stands.stage_label if stands else "",
            stands.step_label if stands else "",
            row.branch.label,
            row.registered_date,
        )


CUSTOMERS = Exportable(
    code="customers",
    label=_("Customers"),
    permission=Permission.VIEW_CUSTOMERS,
    list_url="customer_list",
    columns=(
        (_("Customer number"), 16), (_("Name"), 16), (_("Kind"), 12), (_("Phone"), 14),
        (_("Stage"), 18), (_("Step"), 18), (_("Branch"), 26), (_("Customer since"), 14),
    ),
    read=_read,
    words_of=_words_of,
)  # fmt: skip
