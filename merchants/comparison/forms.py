"""What a person may say of a comparison, and of a rival's offer."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from merchants.comparison.enums import OfferKind


class OfferForm(forms.Form):
    rival = forms.CharField(label=_("Rival"), max_length=80)
    kind = forms.ChoiceField(label=_("What is offered"), choices=OfferKind.choices)
    terms = forms.CharField(
        label=_("The offer in words"), max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What was seen or said, with its numbers; no persons."),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Where it is known from"), max_length=300,
        help_text=_("A poster, a page, a person at the merchant by role: it can be checked."),
    )  # fmt: skip
    seen_date = forms.DateField(
        label=_("Seen on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until_date = forms.DateField(
        label=_("Stands until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("After this day it is told no more. A year at most."),
    )

    def __init__(self, *args: Any, on: dt.date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"seen_date": on, "until_date": on + dt.timedelta(days=90)})
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Why it is withdrawn"), min_length=2, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
