"""Comparisons as a file for the meeting: figures of merchants, no customers."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from merchants.comparison import queries
from merchants.comparison.enums import FigureCode
from merchants.comparison.rules import figures
from merchants.partnerships import queries as partnerships
from merchants.partnerships.enums import Phase
from merchants.partnerships.models import Partnership
from portal.kit.registry import BadFilter, Exportable, Exported
from portal.staff.access import Scope, scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff

_OF, _WITH = "partnership", "with"


def _read(staff: Staff, asked: QueryDict, on: dt.date) -> Exported:
    scope, of, numbers = scope_of(staff), asked.get(_OF, ""), asked.getlist(_WITH)
    if not of:
        rows = partnerships.list_partnerships(scope=scope, on=on, phase=Phase.COMPARISON)
        return Exported({}, _lines(rows.iterator(chunk_size=100), [], scope, on))
    row = None
    if of.isdecimal() and len(of) < 10:
        row = partnerships.one_partnership(scope=scope, partnership_id=int(of))
    if row is None:
        raise BadFilter(gettext("There is no such partnership among those you may see."))
    filters = {_OF: row.merchant.number}
    if any(numbers):
        filters[_WITH] = ", ".join(text for text in numbers if text)
    return Exported(filters, _lines([row], numbers, scope, on))


def _words_of() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    labels = {_OF: gettext("Merchant number"), _WITH: gettext("Compared with")}
    return lambda asked: [(labels[name], value) for name, value in asked.items()]


def _lines(rows: Any, numbers: Sequence[str], scope: Scope, on: dt.date) -> Iterator[Sequence[Any]]:
    for row in rows:
        yield from _of_one(row, numbers, scope, on)


def _of_one(
    row: Partnership, numbers: Sequence[str], scope: Scope, on: dt.date
) -> Iterator[Sequence[Any]]:
    like = queries.like_of(merchant=row.merchant, scope=scope, on=on)
    others, refused = queries.asked_for(like=like, numbers=numbers, scope=scope)
    found = queries.compare(merchant=row.merchant, others=others, on=on, refused=refused)
    last = found.end - dt.timedelta(days=1)
    for code in FigureCode.values:
        stands = found.standings[code]
        for one in found.rows:
            figure = one.figures[code]
            bounds = (figure.low, figure.high) if figure.is_known else (None, None)
            yield (
                row.merchant.number, one.merchant.number, one.merchant.label,
                one.likeness.label if one.likeness else gettext("The one that is compared"),
                FigureCode(code).label, figure.value, *bounds, figure.cases or None,
                stands.place.get(str(one.merchant.pk)), figure.why, stands.sentence,
                figures.FORMULAS[code], found.first, last,
            )  # fmt: skip


COMPARISON = Exportable(
    code="comparison",
    label=_("Comparison of merchants"),
    permission=Permission.VIEW_MERCHANTS,
    list_url="comparison_list",
    columns=[
        (_("Comparison of"), 16), (_("Merchant number"), 16), (_("Merchant"), 26),
        (_("Why it is like"), 26), (_("Figure"), 26), (_("Value"), 12), (_("Lower end"), 12),
        (_("Upper end"), 12), (_("Months, blocks or cards"), 12),
        (_("Place, where certain"), 12), (_("Why it is not known"), 20),
        (_("What can be said of the order"), 40), (_("Formula"), 60), (_("From"), 12),
        (_("Until"), 12),
    ],
    read=_read,
    words_of=_words_of,
    is_about_customers=False,
)  # fmt: skip
