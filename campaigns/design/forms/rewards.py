"""The tiers of a draft, and how they stand together."""

from decimal import Decimal
from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.conditions.forms import ConditionForm, Offered, Searched
from campaigns.conditions.rules import base
from campaigns.conditions.rules.brought import PersonsBrought
from campaigns.conditions.rules.multiplied import MultipliedSpending
from campaigns.design.forms.parts import UNCHOSEN, StepForm, amount, row, whole, words
from campaigns.planning.enums import RewardKind, TierMode
from campaigns.planning.rules.benefits import MOST_DAYS, MOST_USES
from campaigns.planning.rules.persons import MOST_PERSONS
from portal.kit import days

_NARROW, _WIDE = "col-6 col-lg-4", "col-12 col-sm-6"
_FACTS = ("kind", "code", "value", "stock", "budget")
_WITH_POINTS = (RewardKind.POINTS, RewardKind.MULTIPLE)


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
    stock = whole(
        _("Stock"), 100_000_000,
        _(
            "Empty: only the budget bounds it. When it runs out, an earlier evening comes first; "
            "of one evening, whoever is on file for longer; in a flash sale, whoever claims first."
        ),
    )  # fmt: skip
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
    uses = whole(_("Uses of one grant"), MOST_USES)
    use_days = whole(_("Used within days of the grant"), MOST_DAYS, _("Or a last day beside."))
    use_until = days.DayField(label=_("Last day of use"), required=False)

    def __init__(
        self, data: Any = None, *, content: dict[str, Any], prefix: str = "",
        offered: Offered | None = None, searched: Searched | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, content=content, prefix=prefix)
        self.helper.layout = Layout(
            row("name", "name_en"),
            Div(
                *(Div(name, css_class=_NARROW) for name in _FACTS),
                self._only("points", "kind", *_WITH_POINTS),
                self._only("times", "kind", RewardKind.MULTIPLE),
                css_class="row g-3",
            ),
            Div(
                Div("given_for", css_class=_WIDE), self._only("most", "given_for", "person"),
                css_class="row g-3",
            ),
        )  # fmt: skip
        self.spending = ConditionForm(
            MultipliedSpending, data, prefix=f"{prefix}-spending", offered=offered,
            searched=searched, initial=_read_as(MultipliedSpending, content.get("spending")),
        )  # fmt: skip
        self.persons = ConditionForm(
            PersonsBrought, data, prefix=f"{prefix}-for_each",
            initial=_read_as(PersonsBrought, _persons_in(content)),
        )  # fmt: skip

    def _only(self, name: str, other: str, *values: str) -> Div:
        """A field that a script hides while another one makes it meaningless."""
        shown = {"data_shown_by": self.add_prefix(other), "data_shown_for": " ".join(values)}
        return Div(name, css_class=_WIDE if other == "given_for" else _NARROW, **shown)

    @property
    def multiplies(self) -> str:
        """The kind that multiplies points, as it stands in the form's list."""
        return RewardKind.MULTIPLE.value

    @property
    def benefit_kind(self) -> str:
        """The kind that is used, as it stands in the form's list."""
        return RewardKind.BENEFIT.value

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
        terms = content.get("benefit") or {}
        return found | {
            "given_for": "person" if for_each else "", "most": for_each.get("most"),
            "uses": terms.get("uses"), "use_days": terms.get("days"),
            "use_until": terms.get("until"),
        }  # fmt: skip

    def written(self) -> dict[str, Any]:
        given = {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in self.cleaned_data.items()
        }
        times, most = given.pop("times"), given.pop("most")
        terms = self._terms(given)
        gone = {"times", "spending", "for_each", "benefit"}
        found = {name: value for name, value in self.content.items() if name not in gone} | given
        if given["kind"] not in _WITH_POINTS:
            found["points"] = None
        if found.pop("given_for"):
            found["for_each"] = {"most": most, **self.persons.condition().as_fields()}
        if given["kind"] == RewardKind.MULTIPLE:
            found |= {"times": times, "spending": self.spending.condition().as_fields()}
        return found | ({"benefit": terms} if terms else {})

    def _terms(self, given: dict[str, Any]) -> dict[str, Any]:
        """What was said of the uses of a benefit, as far as it was; taken out of `given`."""
        until = given.pop("use_until")
        terms = {
            "uses": given.pop("uses"), "days": given.pop("use_days"),
            "until": until.isoformat() if until else None,
        }  # fmt: skip
        if given["kind"] != RewardKind.BENEFIT:
            return {}
        return {name: one for name, one in terms.items() if one is not None}


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
