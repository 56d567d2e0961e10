"""What a person may ask the conversion of leads for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.telemarketing.enums import CreditTo
from portal.kit import days, filters


class ConversionFilter(forms.Form):
    by = forms.ChoiceField(label=_("Credited to"), choices=CreditTo.choices, required=False)
    first = days.DayField(label=_("Collected from"), required=False)
    last = days.DayField(label=_("Collected until"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        narrow = "col-6 col-md-3"
        self.helper = filters.filter_helper(
            {"by": "col-12 col-md-3", "first": narrow, "last": narrow}
        )
