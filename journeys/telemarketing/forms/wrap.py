"""How a call is wrapped up; the page lays its fields out (`_wrap_up.html`)."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.telemarketing import operations, queries
from journeys.telemarketing.enums import Mood, NextStep
from journeys.telemarketing.models import Disposition
from portal.kit import days

_MOODS = [("", _("not noted")), *Mood.choices]


class WrapForm(forms.Form):
    disposition = forms.CharField(
        label=_("What the call came to"),
        max_length=24,
        error_messages={"required": _("Choose what the call came to.")},
    )
    next_step = forms.ChoiceField(
        label=_("What comes next"),
        choices=NextStep.choices,
        error_messages={"required": _("Choose what comes next.")},
    )
    promised_at = days.InstantField(
        label=_("Promised for"),
        required=False,
        error_messages={"invalid": _("Give the day and time of the promise.")},
    )
    words = forms.CharField(label=_("What the person said"), required=False, max_length=500)
    note = forms.CharField(label=_("Note for the next call"), required=False, max_length=1000)
    mood_before = forms.ChoiceField(
        label=_("Mood at the beginning"), choices=_MOODS, required=False
    )
    mood_after = forms.ChoiceField(label=_("Mood at the end"), choices=_MOODS, required=False)
    mood_move = forms.ChoiceField(label=_("What you did for it"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [
            (mood, [(move.code, move.shown_name) for move in moves])
            for mood, moves in queries.moves_by_mood()
            if moves
        ]
        for name in ("mood_before", "mood_after", "mood_move"):
            self.fields[name].widget.attrs["class"] = "form-select"
        self.fields["mood_before"].widget.attrs["accesskey"] = "e"
        cast(forms.ChoiceField, self.fields["mood_move"]).choices = [("", _("nothing")), *groups]

    def clean_disposition(self) -> Disposition:
        """This will find what the call came to. Raises ValidationError."""
        found = queries.disposition_of(self.cleaned_data["disposition"])
        if found is None:
            raise forms.ValidationError(_("Choose what the call came to."))
        return found

    @property
    def faults(self) -> str:
        """What is wrong, as one text for a person."""
        words: list[Any] = [error for errors in self.errors.values() for error in errors]
        return " ".join(map(str, words))

    @property
    def said(self) -> operations.Said:
        """What the caller writes down besides."""
        names = operations.Said.__dataclass_fields__
        return operations.Said(**{name: self.cleaned_data[name] for name in names})
