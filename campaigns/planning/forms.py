"""Forms of campaign planning."""

from django import forms
from django.utils.translation import gettext_lazy as _


class StopForm(forms.Form):
    """Why a campaign is stopped, or may run again."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays in the audit trail."),
        error_messages={"required": _("Give a reason: it stays in the audit trail.")},
    )
