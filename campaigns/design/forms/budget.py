"""The limits of a draft's budget, and who bears it."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.conditions import queries as conditions
from campaigns.conditions.enums import Source
from campaigns.conditions.forms import Searched
from campaigns.design.forms.parts import StepForm, amount, row, whole
from campaigns.planning.rules.budget import BANK
from portal.kit import choosers


class BudgetForm(StepForm):
    total = amount(_("Budget in all (CNY)"))
    per_day = amount(_("Budget of a day (CNY)"))
    per_customer = amount(_("Most for one customer (CNY)"))
    branches = choosers.FiguresField(
        label=_("Budget by branch"), required=False,
        widget=choosers.Chooser(partial(conditions.labels_of, Source.BRANCHES), unit=_("CNY")),
        help_text=_("It bounds what customers of the branch, and of those below it, are granted."),
    )  # fmt: skip
    shares = choosers.FiguresField(
        label=_("Who bears the cost"), required=False, is_open=True,
        widget=choosers.Chooser(lambda codes: _parties(codes), unit="%"),
        help_text=_("Percent, 100 in all, of the merchants who take part. Empty: the bank."),
    )  # fmt: skip
    control_percent = whole(
        _("Left out for comparison (percent)"), 50,
        _("Drawn by chance; they are granted nothing."), least=0,
    )  # fmt: skip
    layout = (
        row("total", "per_day", "per_customer", width="col-md-4"),
        row("branches", "shares"),
        row("control_percent"),
    )

    def __init__(
        self, data: Any = None, *, content: dict[str, Any], searched: Searched | None = None
    ) -> None:
        super().__init__(data, content=content)
        self.fields["branches"].widget.url = (searched or {}).get(Source.BRANCHES, "")

    def read(self, content: dict[str, Any]) -> dict[str, Any]:
        percent = {"control_percent": content.get("control_percent") or None}
        budget = dict(content.get("budget") or {})
        given = budget.get("shares") or {}
        parties = dict.fromkeys([BANK, *(content.get("merchants") or []), *given])
        budget["shares"] = {party: given.get(party) for party in parties}
        return {**budget, **percent}

    def written(self) -> dict[str, Any]:
        given = {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in self.cleaned_data.items()
        }
        percent = given.pop("control_percent")
        return {**self.content, "budget": given, "control_percent": percent or 0}


def _parties(codes: Sequence[str]) -> dict[str, str]:
    """What those are called who may bear the cost."""
    return {BANK: str(_("The bank")), **conditions.labels_of(Source.MERCHANTS, codes)}
