"""What a person may say of partnerships."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from merchants.directory.enums import Scenario
from merchants.partnerships.enums import Phase
from merchants.partnerships.queries.partnerships import BRANCH, MINE
from merchants.partnerships.rules import moves, playbooks
from portal.kit import filters
from portal.kit.plain import PlainForm
from portal.staff.models import Staff

_WHOSE = [(MINE, _("My partnerships")), (BRANCH, _("All that I may see"))]


class BoardFilter(forms.Form):
    whose = forms.ChoiceField(label=_("Whose"), required=False, choices=[("", _("All")), *_WHOSE])
    text = forms.CharField(label=_("Merchant"), max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper({"text": "col-12 col-md-4", "whose": "col-12 col-md-3"})


class PartnershipFilter(forms.Form):
    text = forms.CharField(label=_("Merchant"), max_length=80, required=False)
    phase = forms.ChoiceField(
        label=_("Phase"), required=False, choices=[("", _("All that are open")), *Phase.choices]
    )
    scenario = forms.ChoiceField(
        label=_("Scenario"), required=False, choices=[("", _("All")), *Scenario.choices]
    )
    manager = forms.ChoiceField(label=_("Relationship manager"), required=False)
    overdue = forms.BooleanField(label=_("With overdue tasks"), required=False)

    def __init__(self, *args: Any, managers: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["manager"].choices = [("", _("All")), *managers]  # type: ignore[attr-defined]
        self.helper = filters.filter_helper(
            {
                "text": "col-12 col-md-3", "phase": "col-6 col-md-2", "scenario": "col-6 col-md-2",
                "manager": "col-12 col-md-2", "overdue": "col-auto",
            }
        )  # fmt: skip


def _area(label: Any, rows: int = 3, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": rows}), **kwargs
    )


class MoveForm(PlainForm):
    """`after` is the last move that the person saw; `ask` puts the move before a second person."""

    to = forms.ChoiceField(label=_("Where to"), choices=Phase.choices, widget=forms.HiddenInput)
    after = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    suggestion = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    reason = _area(
        _("Reason"), min_length=2, help_text=_("It stays with the history, for whoever reads it.")
    )

    def ask_where(self, ways: Sequence[tuple[str, str]]) -> None:
        """This will let the person say anew where to, from where it stands now; the reason that
        was typed stays."""
        self.fields["to"].widget = forms.Select(choices=ways)


class OpenForm(PlainForm):
    phase = forms.ChoiceField(
        label=_("Begins as"), choices=[(phase, phase.label) for phase in moves.BEGINNINGS]
    )
    scenarios = forms.MultipleChoiceField(
        label=_("Scenarios"), choices=Scenario.choices, widget=forms.CheckboxSelectMultiple
    )
    reason = _area(_("Reason"), min_length=2)


class WordsForm(PlainForm):
    words = _area(_("Note"), rows=2, required=False)


class ReasonForm(PlainForm):
    words = _area(_("Reason"), rows=2, min_length=2)


class HandOverForm(PlainForm):
    manager = forms.ChoiceField(label=_("New relationship manager"))
    reason = _area(_("Reason"), rows=2, min_length=2)

    def __init__(self, *args: Any, people: Sequence[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {one.username: one for one in people}
        named = [(one.username, f"{one.label} ({one.branch.label})") for one in people]
        self.fields["manager"].choices = named  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Staff:
        return self._people[self.cleaned_data["manager"]]


class PlaybookForm(PlainForm):
    """Each part as lines; `after` is the version that the person saw."""

    goals = _area(_("Goals"), rows=4, help_text=_("A line each: Chinese | English"))
    tasks = _area(_("Tasks"), rows=7, help_text=_("A line each: working days | Chinese | English"))
    tracks = _area(_("Talk tracks"), rows=5, help_text=_("A line each: Chinese | English"))
    measures = _area(_("What to measure"), rows=4, help_text=_("A line each: Chinese | English"))
    reason = forms.CharField(label=_("Why it changes"), min_length=2, max_length=300)
    after = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """This will read the lines; a line that cannot be read is told at its field."""
        given = super().clean() or {}
        for name in ("goals", "tasks", "tracks", "measures"):
            read = playbooks.read_tasks if name == "tasks" else playbooks.read_words
            try:
                given[name] = read(given.get(name, ""))
            except playbooks.BadLine as bad:
                self.add_error(name, str(bad))
        return given

    @property
    def content(self) -> playbooks.Content:
        names = ("goals", "tasks", "tracks", "measures")
        return playbooks.Content(**{name: self.cleaned_data[name] for name in names})
