"""The tiers of a draft, and how they stand together."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.conditions.forms import ConditionForm, Offered
from campaigns.conditions.rules import base
from campaigns.conditions.rules.brought import PersonsBrought
from campaigns.conditions.rules.multiplied import MultipliedSpending
from campaigns.design.forms.parts import UNCHOSEN, StepForm, amount, row, whole, words
from campaigns.planning.enums import RewardKind, TierMode
from campaigns.planning.rules.persons import MOST_PERSONS


class TierForm(StepForm):
    """One tier; its `needs` are edited as a tree of their own and stay as they are here. Its forms
    `spending` and `persons` count where points are multiplied, or persons rewarded."""

    name = words(_("Name"), 60)
    name_en = words(_("English name"), 60)
    code = words(_("Code"), 40)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[*UNCHOSEN, *RewardKind.choices], required=False
    )
    value = amount(_("Value of one (CNY)"))
    points = whole(
        _("Points"), 10_000_000,
        _("Only where points are given; where they are multiplied, the most for one customer."),
    )  # fmt: skip
    times = forms.DecimalField(
        label=_("Times the points"), max_digits=5, decimal_places=2, min_value=Decimal("1.01"),
        max_value=100, required=False,
        help_text=_("Only where points are multiplied: 3 is triple."),
    )  # fmt: skip
    stock = whole(_("Stock"), 100_000_000, _("Empty: only the budget bounds it."))
    budget = amount(
        _("Budget of this reward (CNY)"), _("Empty: only that of the campaign bounds it.")
    )
    given_for = forms.ChoiceField(
        label=_("Given"), required=False,
        choices=[("", _("Once for the customer")), ("person", _("For each person brought"))],
    )  # fmt: skip
    most = whole(
        _("Persons at most"), MOST_PERSONS, _("Only where it is given for each person brought.")
    )
    layout = (
        row("name", "name_en"),
        row("kind", "code", "value", width="col-6 col-lg-4"),
        row("points", "times", "stock", "budget", width="col-6 col-lg-3"),
        row("given_for", "most", width="col-6 col-lg-4"),
    )

    def __init__(
        self, data: Any = None, *, content: dict[str, Any], prefix: str = "",
        offered: Offered | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, content=content, prefix=prefix)
        self.spending = ConditionForm(
            MultipliedSpending, data, prefix=f"{prefix}-spending", offered=offered,
            initial=_read_as(MultipliedSpending, content.get("spending")),
        )  # fmt: skip
        self.persons = ConditionForm(
            PersonsBrought, data, prefix=f"{prefix}-for_each",
            initial=_read_as(PersonsBrought, _persons_in(content)),
        )  # fmt: skip

    @property
    def multiplies(self) -> str:
        """The kind that multiplies points, as it stands in the form's list."""
        return RewardKind.MULTIPLE.value

    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        given = self.cleaned_data
        is_multiple, is_for_each = given["kind"] == RewardKind.MULTIPLE, given["given_for"]
        of_spending = not is_multiple or self.spending.is_valid()
        return (not is_for_each or self.persons.is_valid()) and of_spending

    def read(self, content: dict[str, Any]) -> dict[str, Any]:
        for_each = content.get("for_each") or {}
        found = {name: content.get(name) for name in self.base_fields}
        return found | {
            "given_for": "person" if for_each else "", "most": for_each.get("most"),
        }  # fmt: skip

    def written(self) -> dict[str, Any]:
        given = {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in self.cleaned_data.items()
        }
        times, most = given.pop("times"), given.pop("most")
        gone = {"times", "spending", "for_each"}
        found = {name: value for name, value in self.content.items() if name not in gone} | given
        if found.pop("given_for"):
            found["for_each"] = {"most": most, **_written(self.persons)}
        if given["kind"] == RewardKind.MULTIPLE:
            found |= {"times": times, "spending": _written(self.spending)}
        return found


def _written(form: ConditionForm) -> dict[str, Any]:
    return {name: one for name, one in form.condition().as_data().items() if name != "kind"}


def _persons_in(content: dict[str, Any]) -> dict[str, Any]:
    found = content.get("for_each") or {}
    return {name: value for name, value in found.items() if name != "most"}


def _read_as(kind: type[base.Condition], raw: dict[str, Any] | None) -> base.Condition | None:
    """A part of a draft's tier; None where it is not whole."""
    try:
        return kind.read(raw or {}, "")
    except base.RuleWrong:
        return None


class ModeForm(StepForm):
    mode = forms.ChoiceField(
        label=_("Where several tiers are reached"), choices=TierMode.choices, required=False
    )
    layout = ("mode",)

    def read(self, content: dict[str, Any]) -> dict[str, Any]:
        return {"mode": content.get("mode") or TierMode.HIGHEST}

    def written(self) -> dict[str, Any]:
        return {**self.content, "mode": self.cleaned_data["mode"] or TierMode.HIGHEST}
