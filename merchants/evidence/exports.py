"""Merchants' weeks as a file, and what a merchant may be handed: figures, no customers."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from merchants.directory import queries as directory
from merchants.directory.enums import SharingPurpose
from merchants.evidence import queries
from merchants.evidence.enums import ReachPart
from merchants.evidence.models import WeeksOfTurnover
from merchants.evidence.rules import sharing, showing
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


def _read_figures(staff: Staff, asked: QueryDict, on: dt.date) -> Exported:
    number = asked.get(_NAMED, "")
    if not number:
        return Exported({}, iter(()))  # a file goes to one merchant
    merchant = directory.one_merchant(scope=scope_of(staff), number=number)
    if merchant is None:
        raise BadFilter(gettext("There is no merchant with this number."))
    purpose = SharingPurpose.FIGURES
    if directory.clause_for(merchant_id=merchant.pk, purpose=purpose, on=on) is None:
        raise BadFilter(NO_CLAUSE)
    months = queries.months_to_share(merchant_id=merchant.pk, on=on)
    return Exported({_NAMED: number}, _told(sharing.lines_of(months) if months else []))


def _told(lines: Sequence[sharing.Line]) -> Iterator[Sequence[Any]]:
    for line in lines:
        part = ReachPart(line.part).label if line.part else ""
        month = line.key or gettext("All months")
        if line.cell is None:
            yield month, part, None, None, None, gettext("withheld")
        else:
            customers = line.cell.customers if line.key else None
            yield month, part, customers, line.cell.purchases, line.cell.amount, ""


NO_CLAUSE = _(
    "No signed clause on data with this merchant allows figures for it today: agree on one, and "
    "enter it on the merchant's page."
)
MERCHANT_FIGURES = Exportable(
    code="merchant_figures",
    label=_("Figures for a merchant"),
    permission=Permission.VIEW_MERCHANTS,
    list_url="merchant_list",
    columns=[
        (_("Month"), 14), (_("Part"), 22), (_("Customers"), 12), (_("Purchases"), 12),
        (_("Amount (CNY)"), 16), (_("Withheld"), 14),
    ],
    read=_read_figures,
    words_of=_words_of,
    is_about_customers=False,
    handling=_(
        "For the merchant that the filter names, under its clause on data, and for no other. Sums "
        "without persons: fewer than 10 customers are never told, nor a sum of which one paid more "
        "than half, and other cells are withheld beside them, so that nothing withheld can be "
        "computed. The file is recorded with its code and its fingerprint."
    ),
)  # fmt: skip
