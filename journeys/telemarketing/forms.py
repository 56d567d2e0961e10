"""What a person may ask the list of leads for."""

from typing import Any

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.customers.enums import Source
from journeys.telemarketing.enums import LeadState


class LeadFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *LeadState.choices]
    )
    source = forms.ChoiceField(
        label=_("Source"), required=False, choices=[("", _("All")), *Source.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Div(
                Div("state", css_class="col-6 col-md-3"),
                Div("source", css_class="col-6 col-md-3"),
                Div(
                    StrictButton(_("Show"), type="submit", css_class="btn-primary mb-3"),
                    css_class="col-auto",
                ),
                css_class="row g-3 align-items-end",
            )
        )
