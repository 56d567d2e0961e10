"""What a person may ask the list of customers for."""

from typing import Any

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


class CustomerFilter(forms.Form):
    text = forms.CharField(
        label=_("Find a customer"),
        max_length=80,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        # A phone must not stand in the address of a page.
        self.helper.form_method = "post"
        self.helper.attrs = {"action": reverse_lazy("customer_search")}
        self.helper.layout = Layout(
            Div(
                Div("text", css_class="col-12 col-md-6"),
                Div(
                    StrictButton(_("Search"), type="submit", css_class="btn-primary"),
                    css_class="col-auto",
                ),
                css_class="row g-3 align-items-center",
            )
        )
