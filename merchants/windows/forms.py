"""What a person may say of a window, of meetings and of promises."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from merchants.windows.enums import MeetingState, NoteKind, Pane, Side
from merchants.windows.models import WindowNote
from merchants.windows.operations import Discussed
from merchants.windows.rules import panes
from portal.kit import days, filters
from portal.kit.plain import PlainForm

_NO_DATA = _("No names or numbers of persons: choose the person below, who is known by key alone.")
_STAYS = [("", _("was not discussed"))]


class NoteForm(PlainForm):
    """A note, and the pane in which it begins."""

    pane = forms.ChoiceField(
        label=_("Pane"), choices=[(one, Pane(one).label) for one in panes.FOUR]
    )
    side = forms.ChoiceField(label=_("Whose"), choices=Side.choices, initial=Side.MERCHANT)
    kind = forms.ChoiceField(label=_("Kind"), choices=NoteKind.choices)
    said = forms.CharField(
        label=_("Need or interest"), max_length=300, help_text=_NO_DATA,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    contact = forms.ChoiceField(label=_("Person it concerns"), required=False)

    def __init__(self, *args: Any, contacts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].choices = [("", _("nobody in particular")), *contacts]  # type: ignore[attr-defined]


class NoteMoveForm(PlainForm):
    """`after` is the last move that the person saw."""

    to = forms.ChoiceField(
        label=_("What happened"), widget=forms.RadioSelect,
        error_messages={
            "invalid_choice": _("From where it stands now it does not go there: choose again.")
        },
    )  # fmt: skip
    after = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    said = forms.CharField(
        label=_("What was learnt, or why"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only what we share ourselves needs no words."),
    )  # fmt: skip

    def __init__(self, *args: Any, note: WindowNote, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.note = note
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (to, f"{panes.MOVES[note.pane, to].label} → {Pane(to).label}")
            for to in panes.targets(note.pane)
        ]

    @property
    def is_behind(self) -> bool:
        """Whether somebody moved the note since the person looked."""
        return self.cleaned_data.get("after") not in (None, self.note.moved)


class MeetingForm(PlainForm):
    on_date = days.DayField(label=_("Day"))
    at_time = forms.TimeField(
        label=_("Hour"), required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )  # fmt: skip
    purpose = forms.CharField(label=_("Aim"), max_length=200, help_text=_NO_DATA)
    contacts = forms.MultipleChoiceField(
        label=_("With whom"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, contacts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contacts"].choices = contacts  # type: ignore[attr-defined]
        if not contacts:
            del self.fields["contacts"]


class HoldForm(PlainForm):
    """After a meeting: a line of what came of it, and of each hidden note whether it was shared or
    learnt. `after` of each is the last move that the person saw; `others` are hidden no more."""

    result = forms.CharField(
        label=_("What came of it"), max_length=1000, min_length=2,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        notes: Sequence[WindowNote],
        others: Sequence[WindowNote] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.notes, self.others = notes, others
        for note in notes:
            choices = [(to, panes.MOVES[note.pane, to].label) for to in panes.targets(note.pane)]
            self.fields[f"to_{note.pk}"] = forms.ChoiceField(
                label=note.words, required=False, choices=[*_STAYS, *choices]
            )
            self.fields[f"said_{note.pk}"] = forms.CharField(
                label=_("What was learnt, or why"), required=False, max_length=1000
            )
            self.fields[f"after_{note.pk}"] = forms.IntegerField(
                min_value=1, initial=note.moved, widget=forms.HiddenInput
            )

    def rows(self) -> list[dict[str, Any]]:
        """This will give the fields of each note together."""
        return [
            {
                "note": note,
                "to": self[f"to_{note.pk}"],
                "said": self[f"said_{note.pk}"],
                "after": self[f"after_{note.pk}"],
            }
            for note in self.notes
        ]

    def clean(self) -> dict[str, Any]:
        """This will tell of a note that lacks its words at its field."""
        given = super().clean() or {}
        for note in self.notes:
            to, said = given.get(f"to_{note.pk}"), given.get(f"said_{note.pk}", "")
            if to and (refused := panes.refusal(note.pane, to, said.strip())):
                self.add_error(f"said_{note.pk}", refused)
        self._tell_moved(given)
        return given

    def _tell_moved(self, given: dict[str, Any]) -> None:
        """Of what somebody moved since the person looked says which it is, and takes up where each
        stands now: what was typed stays, and is written down once it was looked at again."""
        moved = [
            note
            for note in self.notes
            if given.get(f"to_{note.pk}") and given.get(f"after_{note.pk}") != note.moved
        ]
        found = [note.words for note in moved]
        found += [note.words for note in self.others if self.data.get(f"to_{note.pk}")]
        if not found:
            return
        stands = {f"after_{one.pk}": str(one.moved) for one in moved}
        self.data = {name: self.data[name] for name in self.data} | stands
        sentence = _("Somebody moved these notes meanwhile: {notes}. Look again.")
        self.add_error(None, sentence.format(notes="; ".join(found)))

    @property
    def discussed(self) -> list[Discussed]:
        """The notes that were talked about."""
        said = self.cleaned_data
        return [
            Discussed(
                note.pk, said[f"to_{note.pk}"], said[f"after_{note.pk}"], said[f"said_{note.pk}"]
            )
            for note in self.notes
            if said[f"to_{note.pk}"]
        ]


class PromiseForm(PlainForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="promise_%s", **kwargs)

    side = forms.ChoiceField(label=_("Who promised"), choices=Side.choices)
    said = forms.CharField(label=_("Promise"), max_length=200)
    due_date = days.DayField(label=_("Due on"))


class MeetingFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("What became of it"), required=False, choices=MeetingState.choices
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper({"state": "col-12 col-md-4"})
