"""What a person may ask the merchant list for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from merchants.directory.enums import Scenario
from portal.kit import filters


class MerchantFilter(forms.Form):
    text = forms.CharField(label=_("Name, pinyin or number"), max_length=80, required=False)
    scenario = forms.ChoiceField(
        label=_("Scenario"), required=False, choices=[("", _("All")), *Scenario.choices]
    )
    partners = forms.BooleanField(label=_("Partners only"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper(
            {"text": "col-12 col-md-5", "scenario": "col-12 col-md-3", "partners": "col-auto"}
        )
