"""The forms under a submission."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ApproveForm(forms.Form):
    """Approval, with a remark where one is useful."""

    reason = forms.CharField(
        label=_("Remark (optional)"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    prefix = "approve"


class ReturnForm(forms.Form):
    """A return, which always says why."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What must be changed before it can be approved?"),
        error_messages={"required": _("Say why it is returned, so that it can be put right.")},
    )
    prefix = "return"
