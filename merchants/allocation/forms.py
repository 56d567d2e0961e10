"""What a person may say of promotion money."""

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from merchants.allocation.enums import Basis, PlanState
from merchants.allocation.rules import responses
from portal.kit import days, filters
from portal.kit.plain import PlainForm

_LEAST = Decimal("0.01")


def _money(label: Any, **kwargs: Any) -> forms.DecimalField:
    kwargs.setdefault("min_value", _LEAST)
    return forms.DecimalField(label=label, max_digits=14, decimal_places=2, **kwargs)


def _percent(label: Any, most: str = "100", **kwargs: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=Decimal(0), max_value=Decimal(most), max_digits=5, decimal_places=2,
        required=False, **kwargs,
    )  # fmt: skip


class PlanFilter(forms.Form):
    text = forms.CharField(label=_("Name of the plan"), max_length=80, required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *PlanState.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper({"text": "col-12 col-md-4", "state": "col-8 col-md-3"})


class PlanForm(PlainForm):
    name = forms.CharField(label=_("Name of the plan"), max_length=80)
    first_date = days.DayField(label=_("First day"))
    last_date = days.DayField(label=pgettext_lazy("span", "Last day"))
    budget = _money(_("Budget (CNY)"))
    income_percent = _percent(
        _("Bank's income of turnover (%)"), help_text=_("Empty: the bank's benefit is not known.")
    )
    reach_percent = _percent(
        _("Share of promotion money that reaches customers (%)"),
        help_text=_("Empty: the customers' benefit is not known."),
    )
    inputs_source = forms.CharField(
        label=_("Source of these shares"), max_length=300, required=False
    )

    def clean(self) -> dict[str, Any]:
        """This will hold the days and the shares with their source against one another."""
        given = super().clean() or {}
        first, last = given.get("first_date"), given.get("last_date")
        if first and last and last < first:
            self.add_error("last_date", _("The last day is before the first one."))
        shares = (given.get("income_percent"), given.get("reach_percent"))
        if any(one is not None for one in shares) and not given.get("inputs_source"):
            self.add_error("inputs_source", _("Say where these shares come from."))
        return given


class AmendForm(PlainForm):
    reason = forms.CharField(
        label=_("Why it is amended"), min_length=4, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class PartnersForm(PlainForm):
    partnerships = forms.MultipleChoiceField(
        label=_("Partners"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partnerships"].choices = choices  # type: ignore[attr-defined]


_OF_PAST = ("past_spent", "past_effect")
_OF_RESPONSE = (*_OF_PAST, "past_low", "past_high", "ceiling", "half")
_USED_BY: dict[str, frozenset[str]] = {
    Basis.NONE: frozenset(),
    Basis.LEVELS: frozenset(),
    Basis.PAST: frozenset({*_OF_PAST, "past_low", "past_high", "ceiling"}),
    Basis.ENTERED: frozenset({"ceiling", "half"}),
}


class LineForm(PlainForm):
    """Bounds, response, and what benefits are reckoned from; what the basis does not use is left
    out."""

    least = _money(_("At least (CNY)"), min_value=Decimal(0), initial=Decimal(0))
    most = _money(_("At most (CNY)"))
    step = _money(_("In steps of (CNY)"))
    last_year = _money(
        _("Money a year before (CNY)"), min_value=Decimal(0), required=False,
        help_text=_("For the comparison with last year's split. Empty: not known."),
    )  # fmt: skip
    basis = forms.ChoiceField(
        label=_("What the response rests on"), choices=Basis.choices, required=False
    )
    past_spent = _money(_("Spent on the past campaign (CNY)"), required=False)
    past_effect = _money(_("Additional turnover it brought (CNY)"), required=False)
    past_low = _money(_("That turnover, lower end (95 %)"), required=False)
    past_high = _money(_("That turnover, upper end (95 %)"), required=False)
    ceiling = _money(_("Additional turnover that money could bring at most (CNY)"), required=False)
    half = _money(_("Money that brings half of that (CNY)"), required=False)
    source = forms.CharField(
        label=_("Source"), max_length=300, required=False,
        help_text=_("Which report, which campaign, or whose estimate."),
    )  # fmt: skip
    margin_percent = _percent(
        _("Merchant's gross margin (%)"), help_text=_("Empty: the merchant's benefit is not known.")
    )
    merchant_percent = _percent(_("Merchant's share of the cost (%)"), most="99.99")

    def clean(self) -> dict[str, Any]:
        """This will hold the figures against one another; each fault is told at its field."""
        given = super().clean() or {}
        self._check_bounds(given)
        basis = given.get("basis") or Basis.NONE
        used = _USED_BY[basis]
        for name in set(_OF_RESPONSE) - used:
            given[name] = None
        for name in sorted(used - {"past_low", "past_high"}):
            if given.get(name) is None and name not in self.errors:
                self.add_error(name, _("This basis needs it."))
        if used and not given.get("source"):
            self.add_error("source", _("Say where this comes from."))
        if basis == Basis.PAST:
            self._check_past(given)
        return given

    def _check_bounds(self, given: dict[str, Any]) -> None:
        least, most, step = (given.get(name) for name in ("least", "most", "step"))
        if least is None or most is None or step is None:
            return
        if most < least:
            self.add_error("most", _("The cap is below the floor."))
        elif (most - least) / step > responses.MOST_LEVELS:
            sentence = _("That makes more than {most} levels: make the steps larger.")
            self.add_error("step", str(sentence).format(most=responses.MOST_LEVELS))

    def _check_past(self, given: dict[str, Any]) -> None:
        effect, ceiling = given.get("past_effect"), given.get("ceiling")
        low, high = given.get("past_low"), given.get("past_high")
        if effect and ceiling and ceiling <= effect:
            self.add_error("ceiling", _("It must be more than what the campaign brought."))
        if (low is None) != (high is None):
            self.add_error("past_high", _("Give both ends of the interval, or none."))
        elif low is not None and high is not None and effect and not low <= effect <= high:
            self.add_error("past_low", _("The figure must lie within its interval."))
        elif high is not None and ceiling and high >= ceiling:
            self.add_error("past_high", _("It must be less than what money could bring at most."))


class ShareForm(PlainForm):
    group = forms.ChoiceField(label=_("Group"))
    least = forms.IntegerField(label=_("At least (%)"), min_value=0, max_value=100, initial=0)
    most = forms.IntegerField(label=_("At most (%)"), min_value=0, max_value=100, initial=100)

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """This will hold both ends against one another."""
        given = super().clean() or {}
        least, most = given.get("least"), given.get("most")
        if least is not None and most is not None and most < least:
            self.add_error("most", _("The most is below the least."))
        return given


class EntryForm(PlainForm):
    """`key` is made with the form: sent twice, it is booked once."""

    against = forms.TypedChoiceField(label=_("For"), coerce=int)
    amount = _money(_("Amount (CNY)"))
    document = forms.CharField(
        label=_("Document"), max_length=80,
        help_text=_("Number of the contract, invoice or receipt."),
    )  # fmt: skip
    words = forms.CharField(label=_("Note"), max_length=300, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, against: Sequence[tuple[int, str]] | None = None, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if against is None:
            del self.fields["against"]
        else:
            self.fields["against"].choices = against  # type: ignore[attr-defined]


class ReversalForm(EntryForm):
    """Taking an entry back, with its reason."""

    field_order = ("against", "amount", "words", "key")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["document"]
        self.fields["words"].required = True
        self.fields["words"].label = _("Reason")
