"""The ledger of budgets as a file: what was charged to whom, without the customers; and what is
left of budgets day by day."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from campaigns.budgets import forms, queries
from campaigns.budgets.models import BudgetEntry
from portal.kit import filters, tables
from portal.kit.registry import Exportable, Exported
from portal.shell import queries as shell
from portal.staff.access import scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff


def _read(staff: Staff, asked: QueryDict, _on: dt.date) -> Exported:
    form = forms.ledger_filter(asked)
    form.is_valid()
    rows = queries.entries(scope=scope_of(staff), **forms.asked_of(form))
    names = dict(queries.party_names(queries.parties()))
    lines = _lines(tables.stream(rows, settings.EXPORT_MOST_ROWS), names)
    return Exported(filters.in_force(form), lines)


def _words_of() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    return partial(filters.in_words, forms.ledger_filter(None))


def _lines(rows: Iterator[BudgetEntry], names: dict[str, str]) -> Iterator[Sequence[Any]]:
    for row in rows:
        yield (
            row.day, row.book.campaign.code, row.get_kind_display(), row.tier,
            names.get(row.party, row.party), row.branch.label, row.amount, row.units, row.grant_id,
        )  # fmt: skip


BUDGET_LEDGER = Exportable(
    code="budget_ledger",
    label=_("Ledger of budgets"),
    permission=Permission.VIEW_CAMPAIGNS,
    list_url="budget_ledger",
    columns=[
        (_("Day"), 12), (_("Campaign code"), 20), (_("Entry"), 12), (_("Reward"), 20),
        (_("Borne by"), 20), (_("Branch"), 20), (_("Amount (CNY)"), 14), (_("Units"), 8),
        (_("Grant"), 12),
    ],
    read=_read,
    words_of=_words_of,
    is_about_customers=False,
)  # fmt: skip


def _read_days(staff: Staff, asked: QueryDict, on: dt.date) -> Exported:
    found = shell.figures_asked(staff, asked, on=on)
    burning = queries.left_by_day(first=found.first, end=found.end, most=MOST_BURNING)
    lines = (
        (day, one.campaign.code, one.campaign.label, one.planned, left)
        for one in burning
        for day, left in one.left
    )
    return Exported(shell.figures_in_force(found), lines)


# So many campaigns the picture of budgets shows, and its file.
MOST_BURNING = 12

BUDGET_DAYS = Exportable(
    code="budget_days",
    label=_("Budgets of campaigns by day"),
    permission=Permission.VIEW_CAMPAIGNS,
    list_url="figures",
    columns=[
        (_("Day"), 12), (_("Campaign code"), 20), (_("Campaign"), 26), (_("Budget (CNY)"), 16),
        (_("Left (CNY)"), 16),
    ],
    read=_read_days,
    words_of=shell.figures_words,
    is_about_customers=False,
)  # fmt: skip
