"""What a person may ask the list of leads for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.customers.enums import Source
from journeys.telemarketing.enums import LeadState
from portal.kit import filters


class LeadFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *LeadState.choices]
    )
    source = forms.ChoiceField(
        label=_("Source"), required=False, choices=[("", _("All")), *Source.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper({"state": "col-6 col-md-3", "source": "col-6 col-md-3"})
