"""A sealed value that is shown in full to one person: when words are a reason for it, the form that
asks for them, and how long the value stays on the screen."""

from collections.abc import Sequence
from enum import Enum
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

# Long enough to dial a number or to compare it, short enough for a screen left alone.
SHOWN_SECONDS = 60
# So that a row of one letter is no reason.
_FEWEST_DIFFERENT_SIGNS = 4


class Fault(Enum):
    """Why words are no reason."""

    SHORT = "short"
    REPEATED = "repeated"


def fault_of(words: str, fewest: int) -> Fault | None:
    """This will tell why `words` are no reason: fewer than `fewest` signs, blanks not counted, or
    the same few ones again and again; None where they are one."""
    signs = "".join(words.split())
    if len(signs) < fewest:
        return Fault.SHORT
    return None if len(set(signs)) >= _FEWEST_DIFFERENT_SIGNS else Fault.REPEATED


class ReasonForm(forms.Form):
    """For what a value is needed, one of `reasons`, and in words. Several may be open on one page:
    each has its prefix."""

    reasons: ClassVar[Sequence[tuple[str, Any]]] = ()

    kind = forms.ChoiceField(
        label=_("What for"),
        widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
        error_messages={"required": _("Choose what it is for.")},
    )
    words = forms.CharField(
        label=_("In words"),
        max_length=500,
        widget=forms.TextInput(
            attrs={"class": "form-control form-control-sm", "autocomplete": "off"}
        ),
        error_messages={"required": _("Say in words what the value is needed for.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [("", _("Choose")), *self.reasons]
        cast(forms.ChoiceField, self.fields["kind"]).choices = chosen
