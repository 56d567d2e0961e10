"""What a person may say of targets."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.targets.enums import Period, PlanState
from journeys.targets.rules import measures
from portal.kit import filters
from portal.kit.plain import PlainForm

_YEARS = range(2020, 2101)


def month_field(label: Any, **more: Any) -> forms.DateField:
    """This will return a field for a month, chosen in the browser's own calendar."""
    return forms.DateField(
        label=label, input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"), **more,
    )  # fmt: skip


def measure_choices() -> list[tuple[str, list[tuple[str, Any]]]]:
    """This will offer the measures of the book, by their kinds."""
    found: dict[str, list[tuple[str, Any]]] = {}
    for one in measures.all_measures():
        found.setdefault(str(one.kind.label), []).append((one.code, one.name))
    return list(found.items())


class PlanFilter(forms.Form):
    measure = forms.ChoiceField(label=_("Measure"), required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *PlanState.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["measure"]
        field.choices = [("", _("All")), *measure_choices()]
        self.helper = filters.filter_helper(
            {"measure": "col-12 col-md-4", "state": "col-8 col-md-3"}
        )


class PlanForm(PlainForm):
    name = forms.CharField(label=_("Name of the plan"), max_length=80)
    measure = forms.ChoiceField(label=_("Measure"))
    product_id = forms.TypedChoiceField(
        label=_("Card product"), coerce=int, empty_value=None, required=False,
        help_text=_("Only for measures of cards."),
    )  # fmt: skip
    period = forms.ChoiceField(label=_("Period"), choices=Period.choices)
    first_date = month_field(_("First month"))
    total = forms.DecimalField(
        label=_("Target of the whole period"), min_value=Decimal(0), max_digits=14,
        decimal_places=2, help_text=_("Of a rate or a mark: the one that each month is to have."),
    )  # fmt: skip
    basis = forms.CharField(
        label=_("What it was planned from"),
        max_length=300,
        help_text=_("Such as the head office's plan of the year, with its document number."),
    )

    def __init__(self, *args: Any, products: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["measure"].choices = measure_choices()
        fields["product_id"].choices = [("", _("All products")), *products]

    def clean(self) -> dict[str, Any]:
        """This will hold the period against its first month."""
        given = super().clean() or {}
        first, period = given.get("first_date"), given.get("period")
        if first and first.year not in _YEARS:
            self.add_error("first_date", _("Give a year between 2020 and 2100."))
        elif first and period == Period.YEAR and first.month != 1:
            self.add_error("first_date", _("A year begins in January."))
        elif first and period == Period.QUARTER and first.month % 3 != 1:
            self.add_error("first_date", _("A quarter begins in January, April, July or October."))
        return given


class DeriveForm(PlainForm):
    name = forms.CharField(label=_("Name of the plan"), max_length=80)
    basis = forms.CharField(
        label=_("How it is split further"), max_length=300,
        help_text=_("Such as: by the cards of the last twelve months."),
    )  # fmt: skip


class VersionForm(PlainForm):
    why = forms.CharField(
        label=_("Why it is replaced"), min_length=4, max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class SplitForm(PlainForm):
    """A weight for each who may be given a part."""

    def __init__(
        self, *args: Any, subjects: Sequence[tuple[int, str, Decimal]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for pk, label, weight in subjects:
            self.fields[f"weight_{pk}"] = forms.DecimalField(
                label=label, initial=weight, min_value=Decimal(0), max_digits=9, decimal_places=2,
                required=False,
            )  # fmt: skip

    @property
    def weights(self) -> dict[int, Decimal]:
        """The weights that were given, by the id of whom they are for."""
        return {
            int(name.removeprefix("weight_")): value
            for name, value in self.cleaned_data.items()
            if value
        }


class MonthForm(PlainForm):
    month = forms.TypedChoiceField(label=_("Month"), coerce=dt.date.fromisoformat)
    value = forms.DecimalField(
        label=_("Target"), min_value=Decimal(0), max_digits=14, decimal_places=2
    )

    def __init__(self, *args: Any, months: Sequence[dt.date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["month"]
        field.choices = [(month.isoformat(), f"{month:%Y-%m}") for month in months]


class PaceFilter(forms.Form):
    branch = forms.TypedChoiceField(
        label=_("Branch"), coerce=int, empty_value=None, required=False, widget=filters.Choices
    )
    target = forms.TypedChoiceField(label=_("Target"), coerce=int, empty_value=None, required=False)

    def __init__(
        self,
        *args: Any,
        branches: Sequence[tuple[int, str]],
        targets: Sequence[tuple[int, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["branch"].choices = branches
        fields["target"].choices = targets
        if not targets:
            del self.fields["target"]
        widths = {"branch": "col-12 col-md-4", "target": "col-12 col-md-5"}
        self.helper = filters.filter_helper(
            {name: wide for name, wide in widths.items() if name in self.fields}
        )
