"""The eras of branches and their months as files: figures, no customers."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.era import queries
from portal.kit.registry import Exportable, Exported
from portal.shell import queries as shell
from portal.staff.access import scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff


def _read(staff: Staff, _asked: QueryDict, on: dt.date) -> Exported:
    return Exported({}, _lines(staff, on))


def _words_of() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    return lambda _asked: []


def _lines(staff: Staff, on: dt.date) -> Iterator[Sequence[Any]]:
    rule = queries.rule_on(on)
    if rule is None:
        return
    branches = queries.branches_within(scope_of(staff))
    months = queries.judged_months(rule, on)
    span = f"{months[0]:%Y-%m} – {months[-1]:%Y-%m}"
    for one in queries.eras_of(branches=branches, rule=rule, on=on):
        stands = one.standing
        era = str(stands.era.label) if stands.era else gettext("None yet")
        era = gettext("not known") if stands.is_unknown else era
        for share in stands.shares:
            why = str(share.unknown.label) if share.unknown else ""
            percent = None if share.percent is None else round(share.percent, 2)
            yield (
                one.branch.code, one.branch.label, span, era, str(share.code.label), share.part,
                share.whole, percent, why,
            )  # fmt: skip


ERAS = Exportable(
    code="eras",
    label=_("Eras of branches"),
    permission=Permission.VIEW_CAMPAIGNS,
    list_url="era_list",
    columns=(
        (_("Branch code"), 14), (_("Branch"), 24), (_("Months"), 20), (_("Era"), 24),
        (_("Share"), 34), (_("Numerator"), 16), (_("Denominator"), 16), (_("Share, %"), 12),
        (_("Why it is not known"), 40),
    ),
    read=_read,
    words_of=_words_of,
    is_about_customers=False,
)  # fmt: skip


def _read_months(staff: Staff, asked: QueryDict, on: dt.date) -> Exported:
    found = shell.figures_asked(staff, asked, on=on)
    branches = queries.side_by_side(found.branch_path)
    within, rows = queries.months_of(branches, on=on)
    lines = (
        (f"{month:%Y-%m}", branch.code, branch.label, sums.cards, sums.customers, sums.spent)
        for branch, by_month in rows
        for month, sums in zip(within, by_month, strict=True)
        if sums is not None
    )
    return Exported({"branch": found.branch_code} if found.branch_code else {}, lines)


BRANCH_MONTHS = Exportable(
    code="branch_months",
    label=_("Months of branches"),
    permission=Permission.VIEW_CAMPAIGNS,
    list_url="figures",
    columns=(
        (_("Month"), 12), (_("Branch code"), 14), (_("Branch"), 24), (_("cards issued"), 12),
        (_("customers"), 12), (_("spending (CNY)"), 18),
    ),
    read=_read_months,
    words_of=shell.figures_words,
    is_about_customers=False,
)  # fmt: skip
