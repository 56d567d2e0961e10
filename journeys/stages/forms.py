"""What a person may ask the funnel for."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.stages.enums import Breakdown
from portal.kit import filters

_LATEST_MONTHS = 60  # a list of choices stays a list of choices


class FunnelFilter(forms.Form):
    branch = forms.ChoiceField(label=_("Branch"), required=False)
    product = forms.ChoiceField(label=_("Product"), required=False)
    month = forms.ChoiceField(label=_("Month of entry"), required=False)
    by = forms.ChoiceField(label=_("Broken down by"), required=False, choices=Breakdown.choices)

    def __init__(
        self,
        *args: Any,
        branches: Sequence[tuple[str, str]],
        products: Sequence[tuple[str, str]],
        months: Sequence[dt.date],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(f"{month:%Y-%m}", f"{month:%Y-%m}") for month in months[:_LATEST_MONTHS]]
        for name, choices in (("branch", branches), ("product", products), ("month", named)):
            cast(forms.ChoiceField, self.fields[name]).choices = [("", _("All")), *choices]
        self.helper = filters.filter_helper(dict.fromkeys(self.fields, "col-6 col-md-auto"))
