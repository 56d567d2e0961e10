"""What is asked about a referral."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.referrals.models import REASON_LENGTH
from portal.kit import filters


class ReferralForm(forms.Form):
    number = forms.CharField(
        label=_("Application number"), max_length=40,
        help_text=_("Of the person who applied and named somebody."),
    )  # fmt: skip
    referrer = forms.CharField(
        label=_("Invitation number"), max_length=40,
        help_text=_("The customer number that the applicant named, as it stands on the form."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is wrong"), max_length=REASON_LENGTH,
        help_text=_("No personal data. It is kept with the referral."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class ReferralFilter(forms.Form):
    customer = forms.CharField(label=_("Customer number"), max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper({"customer": "col-12 col-md-4"})
