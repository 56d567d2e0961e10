"""What a person may ask the merchant list for."""

from typing import Any

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from merchants.directory.enums import Scenario


class MerchantFilter(forms.Form):
    text = forms.CharField(label=_("Name, pinyin or number"), max_length=80, required=False)
    scenario = forms.ChoiceField(
        label=_("Scenario"), required=False, choices=[("", _("All")), *Scenario.choices]
    )
    partners = forms.BooleanField(label=_("Partners only"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Div(
                Div("text", css_class="col-12 col-md-5"),
                Div("scenario", css_class="col-12 col-md-3"),
                Div("partners", css_class="col-auto"),
                Div(
                    StrictButton(_("Show"), type="submit", css_class="btn-primary mb-3"),
                    css_class="col-auto",
                ),
                css_class="row g-3 align-items-end",
            )
        )
