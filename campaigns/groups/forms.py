"""What a person may say of a group of campaigns."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.groups import rules


class GroupForm(forms.Form):
    code = forms.SlugField(
        label=_("Code"),
        max_length=40,
        help_text=_(
            "Letters, digits and -; campaigns name the group by it, and it stays for good."
        ),
    )
    name = forms.CharField(label=_("Name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=60)
    days = forms.IntegerField(
        label=_("Days"),
        required=False,
        min_value=1,
        max_value=rules.MOST_DAYS,
        help_text=_(
            "For so many days from the day of a reward, that day included, the other campaigns of "
            "the group give the customer nothing. Empty: for good."
        ),
    )
    source = forms.CharField(
        label=_("Reason"),
        min_length=2,
        max_length=2000,
        help_text=_("The decision or the rule behind it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
