"""Merchants' weeks as a file: figures, no customers."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from merchants.directory import queries as directory
from merchants.evidence import queries
from merchants.evidence.models import WeeksOfTurnover
from merchants.evidence.rules import showing
from portal.kit.registry import BadFilter, Exportable, Exported
from portal.staff.access import scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff

_NAMED = "merchant"


def _read(staff: Staff, asked: QueryDict, _on: dt.date) -> Exported:
    scope, number = scope_of(staff), asked.get(_NAMED, "")
    if number and directory.one_merchant(scope=scope, number=number) is None:
        raise BadFilter(gettext("There is no merchant with this number."))
    merchants = directory.list_merchants(scope=scope)
    if number:
        merchants = merchants.filter(number=number)
    return Exported({_NAMED: number} if number else {}, _lines(queries.weeks_within(merchants)))


def _words_of() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    return lambda asked: [(gettext("Merchant number"), number) for number in asked.values()]


def _lines(found: Iterable[WeeksOfTurnover]) -> Iterator[Sequence[Any]]:
    for one in found:
        rows = showing.rows_of(one.first, one.even, one.group, one.taken, one.postings)
        for row in rows:
            yield one.merchant.number, row.week, row.taken, row.even, row.group


MERCHANT_WEEKS = Exportable(
    code="merchant_weeks",
    label=_("Weeks of merchants"),
    permission=Permission.VIEW_MERCHANTS,
    list_url="merchant_list",
    columns=[
        (_("Merchant number"), 16), (_("Week from"), 12), (_("Turnover"), 16),
        (_("Without season"), 16), (_("Its group lets expect"), 20),
    ],
    read=_read,
    words_of=_words_of,
    is_about_customers=False,
)  # fmt: skip
