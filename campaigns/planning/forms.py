"""Forms of campaign planning."""

from django import forms
from django.utils.translation import gettext_lazy as _

STOP, LIFT = "stop", "lift"


class StopForm(forms.Form):
    """Why a campaign is stopped, or may run again. `way` is what the page offered, so that a stop
    that comes second never lifts the first."""

    way = forms.ChoiceField(choices=[(STOP, STOP), (LIFT, LIFT)], widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays in the audit trail."),
        error_messages={"required": _("Give a reason: it stays in the audit trail.")},
    )
