"""What a person may say of warnings."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.warnings.enums import Kind, Severity, State
from portal.kit.filters import filter_helper

MINE, ALL = "mine", "all"
WAITING, ANY = "waiting", "any"


class AlertFilter(forms.Form):
    """Which alerts are listed: the own ones that wait, unless somebody asks for others."""

    whose = forms.ChoiceField(
        label=_("Whose"),
        required=False,
        choices=[(MINE, _("Mine")), (ALL, _("All that I may see"))],
    )
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[(WAITING, _("Waiting")), *State.choices, (ANY, _("Any"))],
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All")), *Kind.choices]
    )
    severity = forms.ChoiceField(
        label=_("Severity"), required=False, choices=[("", _("All")), *Severity.choices]
    )
    campaign = forms.SlugField(label=_("Code of the campaign"), required=False, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filter_helper(
            {
                "whose": "col-sm-6 col-lg-2", "state": "col-sm-6 col-lg-2",
                "kind": "col-sm-6 col-lg-3", "severity": "col-sm-6 col-lg-2",
                "campaign": "col-sm-6 col-lg-2",
            }
        )  # fmt: skip

    def asked(self) -> dict[str, Any]:
        """This will name what is asked for, as `queries.list_alerts` takes it; what is wrong is
        not asked for."""
        self.is_valid()
        asked = getattr(self, "cleaned_data", {})
        state = asked.get("state") or WAITING
        return {
            "is_mine": asked.get("whose") != ALL, "state": "" if state == ANY else state,
            "kind": asked.get("kind", ""), "severity": asked.get("severity", ""),
            "campaign": asked.get("campaign", ""),
        }  # fmt: skip


class MoveForm(forms.Form):
    """Where an alert goes, and why."""

    to = forms.ChoiceField(label=_("What becomes of it"), choices=State.choices)
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Asked for where the warning is confirmed, dismissed or settled. No names."),
    )  # fmt: skip

    def __init__(self, *args: Any, open_to: Sequence[State] = tuple(State), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(one.value, one.label) for one in open_to]  # type: ignore[attr-defined]
        self.helper = _bare()


class WordForm(forms.Form):
    """The word of whom an alert concerns."""

    words = forms.CharField(
        label=_("Your word"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What is wrong about the warning, and how it can be checked. No names."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _bare()


UPHELD, REFUSED = "upheld", "refused"


class DecideForm(forms.Form):
    """What somebody else says to that word."""

    verdict = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (UPHELD, _("The person is right: the warning is dismissed")),
            (REFUSED, _("The warning stands")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _bare()


def _bare() -> FormHelper:
    """The form stands in one of the page's."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper
