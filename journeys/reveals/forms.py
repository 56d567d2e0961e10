"""What a person says to see a value, and asks of the list of reveals."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.reveals.enums import RevealField, RevealReason, SearchOutcome
from journeys.reveals.models import SEARCHED
from portal.kit import days, filters, revealing


class RevealForm(revealing.ReasonForm):
    reasons = RevealReason.choices


class RevealFilter(forms.Form):
    first = days.DayField(label=_("From day"), required=False)
    last = days.DayField(label=_("To day"), required=False)
    person = forms.CharField(label=_("Who"), required=False, max_length=40)
    branch = forms.ChoiceField(label=_("Branch"), required=False)
    field = forms.ChoiceField(
        label=_("What"), required=False, choices=[("", _("All")), *RevealField.choices]
    )

    def __init__(self, *args: Any, branches: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [("", _("All")), *branches]
        cast(forms.ChoiceField, self.fields["branch"]).choices = chosen
        self.helper = filters.filter_helper(dict.fromkeys(self.fields, "col-6 col-md-auto"))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("first"), found.get("last")
        if first and last and last < first:
            self.add_error("last", _("This day is before the first one."))
        return found

    def days(self, *, on: dt.date, most: int) -> tuple[dt.date, dt.date]:
        """The days asked for, both inside: by default the `most` up to `on`, and never more."""
        last = min(self.cleaned_data.get("last") or on, on)
        earliest = last - dt.timedelta(days=most - 1)
        return max(self.cleaned_data.get("first") or earliest, earliest), last


class SearchFilter(RevealFilter):
    """Of searches, what was asked for is one of the sealed values."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), required=False, choices=[("", _("All")), *SearchOutcome.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        searched = [(field.value, field.label) for field in SEARCHED]
        cast(forms.ChoiceField, self.fields["field"]).choices = [("", _("All")), *searched]
