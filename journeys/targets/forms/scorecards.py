"""What a person may say of scorecards, and which of them are held beside one another."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.targets.enums import CardState, Level
from journeys.targets.forms.plans import month_field
from journeys.targets.rules import measures
from portal.kit import filters
from portal.kit.plain import PlainForm


class CardFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *CardState.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper({"state": "col-8 col-md-3"})


class CardForm(PlainForm):
    name = forms.CharField(label=_("Name of the scorecard"), max_length=80)
    first_date = month_field(_("In force from"))
    point_value = forms.DecimalField(
        label=_("A point (CNY)"), min_value=Decimal("0.01"), max_value=Decimal(10_000),
        max_digits=10, decimal_places=2,
        help_text=_("Whoever reaches all goals exactly has 100 points."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=300)


class ItemForm(PlainForm):
    """A measure of a scorecard; one without a weight is left out."""

    weight = forms.DecimalField(
        label=_("Weight (%)"), min_value=Decimal(0), max_value=Decimal(100), max_digits=5,
        decimal_places=2, required=False,
    )  # fmt: skip
    goal = forms.DecimalField(
        label=_("Goal of a month"), min_value=Decimal(0), max_digits=14, decimal_places=2,
        required=False,
    )  # fmt: skip
    floor = forms.IntegerField(
        label=_("Counts from (%)"), min_value=0, max_value=100, initial=0, required=False
    )
    cap = forms.IntegerField(
        label=_("Counts up to (%)"), min_value=100, max_value=300, initial=120, required=False
    )
    unknown = forms.IntegerField(
        label=_("Where nothing is known (%)"), min_value=0, max_value=100, initial=0,
        required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, measure: measures.Measure, **kwargs: Any) -> None:
        super().__init__(*args, prefix=measure.code, **kwargs)
        self.measure = measure
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        for name, field in self.fields.items():
            label = f"{measure.name}: {field.label}"
            field.widget.attrs |= {"class": "form-control form-control-sm", "aria-label": label}
            if name in self.errors:
                field.widget.attrs["class"] += " is-invalid"

    @property
    def is_chosen(self) -> bool:
        return bool(self.cleaned_data.get("weight"))

    def clean(self) -> dict[str, Any]:
        """This will ask for a goal where there is a weight."""
        given = super().clean() or {}
        if given.get("weight") and given.get("goal") is None and "goal" not in self.errors:
            self.add_error("goal", _("Give the goal of a month."))
        for name, usual in (("floor", 0), ("cap", 120), ("unknown", 0)):
            if given.get(name) is None:
                given[name] = usual
        return given


def item_forms(data: Any, start: dict[str, dict[str, Any]]) -> list[ItemForm]:
    """This will return a form for each measure that can be told of single persons."""
    return [
        ItemForm(data, measure=one, initial=start.get(one.code))
        for one in measures.all_measures()
        if Level.PERSON in one.levels
    ]


class PayFilter(forms.Form):
    branch = forms.TypedChoiceField(label=_("Branch"), coerce=int, widget=filters.Choices)
    first = month_field(_("From"))
    months = forms.TypedChoiceField(
        label=_("Months"), coerce=int, choices=[(count, count) for count in (1, 2, 3, 6, 12)]
    )
    one = forms.TypedChoiceField(label=_("Scorecard"), coerce=int)
    other = forms.TypedChoiceField(
        label=_("Beside it"), coerce=int, empty_value=None, required=False
    )

    def __init__(
        self,
        *args: Any,
        branches: Sequence[tuple[int, str]],
        cards: Sequence[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["branch"].choices = branches
        fields["one"].choices = cards
        fields["other"].choices = [("", _("No other")), *cards]
        self.helper = filters.filter_helper({
            "branch": "col-12 col-md-4", "first": "col-6 col-md-2", "months": "col-6 col-md-2",
            "one": "col-12 col-md-4", "other": "col-12 col-md-4",
        })  # fmt: skip
