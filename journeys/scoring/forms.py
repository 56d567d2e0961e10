"""What is asked about a call, and whether traits may be read."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.scoring.enums import EarlierResult, PhoneKind

_UNKNOWN = ("", _("not known"))
_ANSWERS = [_UNKNOWN, ("true", _("yes")), ("false", _("no"))]
_YES_OR_NO = {"true": True, "false": False}


def _answer(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=_ANSWERS, required=False, coerce=lambda one: _YES_OR_NO[one],
        empty_value=None,
    )  # fmt: skip


class CallForm(forms.Form):
    """A call that may be made, with what is known before it; empty is not known."""

    attempts = forms.IntegerField(
        label=_("Calls in this campaign, this one with them"), min_value=1, max_value=999, initial=1
    )
    channel = forms.ChoiceField(
        label=_("Kind of phone"), choices=[_UNKNOWN, *PhoneKind.choices], required=False
    )
    earlier = forms.IntegerField(
        label=_("Contacts in earlier campaigns"), min_value=0, max_value=999, initial=0
    )
    since_days = forms.IntegerField(
        label=_("Days since an earlier contact"), min_value=0, max_value=9999, required=False
    )
    earlier_result = forms.ChoiceField(
        label=_("Result of the earlier campaign"), choices=[_UNKNOWN, *EarlierResult.choices],
        required=False,
    )  # fmt: skip
    balance = forms.DecimalField(
        label=_("Average balance"), max_digits=14, decimal_places=2, required=False
    )
    in_default = _answer(_("Credit in default"))
    has_housing_loan = _answer(_("Housing loan"))
    has_loan = _answer(_("Another loan"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> dict[str, Any]:
        """This will refuse what cannot be of one call."""
        found = super().clean() or {}
        says_more = found.get("since_days") is not None or found.get("earlier_result")
        if found.get("earlier") == 0 and says_more:
            self.add_error(
                "earlier",
                _("Without a contact in earlier campaigns there are no days since it, and no"
                  " result of it."),
            )  # fmt: skip
        return found


class TraitsForm(forms.Form):
    """Whether personal traits are read for a branch."""

    with_traits = forms.TypedChoiceField(
        label=_("Personal traits (age, occupation, marital status, education)"),
        choices=[("false", _("are not read")), ("true", _("are read"))],
        coerce=lambda one: _YES_OR_NO[one],
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
