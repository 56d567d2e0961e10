"""Plans of promotion money as a file: who gets how much, and what is spent of it."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from merchants.allocation import queries
from merchants.allocation.forms import PlanFilter
from merchants.allocation.models import FundPlan
from portal.kit import filters
from portal.kit.registry import BadFilter, Exportable, Exported
from portal.staff.access import scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff

_NAMED = "plan"


def _read(staff: Staff, asked: QueryDict, _on: dt.date) -> Exported:
    scope, named, form = scope_of(staff), asked.get(_NAMED, ""), PlanFilter(asked)
    form.is_valid()
    plans = queries.list_plans(scope=scope, **form.cleaned_data)
    if named:
        plans = plans.filter(pk=int(named) if named.isdecimal() and len(named) < 10 else 0)
        if not plans.exists():
            raise BadFilter(gettext("There is no plan with this number."))
    given = filters.in_force(form)
    given |= {_NAMED: named} if named else {}
    return Exported(given, _lines(plans.iterator(chunk_size=100)))


def _words_of() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    def words(asked: Mapping[str, str]) -> list[tuple[str, str]]:
        rest = {name: value for name, value in asked.items() if name != _NAMED}
        found = filters.in_words(PlanFilter(), rest)
        return [*found, (gettext("Plan"), asked[_NAMED])] if _NAMED in asked else found

    return words


def _lines(plans: Iterable[FundPlan]) -> Iterator[Sequence[Any]]:
    for plan in plans:
        for row in queries.shown(plan).rows:
            line, merchant = row.line, row.line.partnership.merchant
            account = getattr(line, "account", None)
            yield (
                plan.code, str(plan.get_state_display()), plan.first_date, plan.last_date,
                merchant.number, merchant.label, line.least, line.most, line.chosen, row.equal,
                row.before, row.effect, row.low, row.high, str(line.get_basis_display()),
                *((account.committed, account.claimed, account.paid) if account
                  else (None, None, None)),
            )  # fmt: skip


FUND_PLANS = Exportable(
    code="fund_plans",
    label=_("Plans of promotion money"),
    permission=Permission.VIEW_MERCHANTS,
    list_url="fund_list",
    columns=[
        (_("Plan"), 12), (_("State"), 14), (_("First day"), 12),
        (pgettext_lazy("span", "Last day"), 12),
        (_("Merchant number"), 16), (_("Merchant"), 24), (_("At least (CNY)"), 14),
        (_("At most (CNY)"), 14), (_("Chosen (CNY)"), 14), (_("Equal split"), 14),
        (_("As last year"), 14), (_("Turnover it brings"), 18), (_("Lower end"), 16),
        (_("Upper end"), 16), (_("What the response rests on"), 24), (_("Committed"), 14),
        (_("Claimed"), 14), (_("Paid"), 14),
    ],
    read=_read,
    words_of=_words_of,
    is_about_customers=False,
)  # fmt: skip
