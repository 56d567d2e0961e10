"""Spending by day as a file: sums of merchants, no customers."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from journeys.spending import queries
from portal.kit.registry import Exportable, Exported
from portal.shell import queries as shell
from portal.staff.access import scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff


def _read(staff: Staff, asked: QueryDict, on: dt.date) -> Exported:
    found = shell.figures_asked(staff, asked, on=on)
    days = queries.turnover_by_day(
        scope=scope_of(staff), branch_path=found.branch_path, first=found.first, end=found.end
    )
    return Exported(shell.figures_in_force(found), _lines(days))


def _lines(days: dict[dt.date, Any]) -> Iterator[Sequence[Any]]:
    yield from days.items()


SPENDING_DAYS = Exportable(
    code="spending_days",
    label=_("Spending at merchants by day"),
    permission=Permission.VIEW_MERCHANTS,
    list_url="figures",
    columns=((_("Day"), 12), (_("Turnover (CNY)"), 18)),
    read=_read,
    words_of=shell.figures_words,
    is_about_customers=False,
)
