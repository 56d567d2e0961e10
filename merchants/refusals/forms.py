"""What a person may say of refusals."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from merchants.refusals.enums import AnswerKind, Outcome, RefusalState, Root
from merchants.refusals.operations import Said
from portal.kit import days, filters
from portal.kit.plain import PlainForm

_NO_DATA = _(
    "No names, phone or card numbers: who said it is chosen below, and known by the number alone."
)


def _area(label: Any, rows: int = 3, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=1000, widget=forms.Textarea(attrs={"rows": rows}), **kwargs
    )


class RefusalForm(PlainForm):
    """A refusal in seconds: why, and in their words; the rest is chosen before."""

    reason = forms.TypedChoiceField(label=_("Reason for refusing"), coerce=int)
    said = _area(_("In their words"), rows=2, help_text=_NO_DATA)
    contact = forms.ChoiceField(label=_("Who said it"), required=False)
    said_date = days.DayField(label=_("Said on"))

    def __init__(
        self,
        *args: Any,
        reasons: Sequence[tuple[str, list[tuple[int, str]]]],
        contacts: Sequence[tuple[str, str]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [("", _("Choose a reason")), *reasons]  # type: ignore[attr-defined]
        if contacts is None:
            del self.fields["contact"]
        else:
            self.fields["contact"].choices = [("", _("not said")), *contacts]  # type: ignore[attr-defined]


class TryForm(PlainForm):
    answer = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    tried_date = days.DayField(label=_("Tried on"))


class OutcomeForm(PlainForm):
    outcome = forms.ChoiceField(choices=[(one, one.label) for one in Outcome if one != "open"])
    outcome_date = days.DayField(label=_("Outcome on"))
    note = _area(_("What came of it"), rows=2, required=False)


class WhyForm(PlainForm):
    why = _area(_("Why"), rows=2, min_length=2)


class SaidForm(PlainForm):
    """A name and a text in both languages."""

    name = forms.CharField(label=_("Name in Chinese"), max_length=60)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    text = _area(_("Text in Chinese"))
    text_en = _area(_("Text in English"))

    @property
    def said(self) -> Said:
        """What was said."""
        names = ("name", "name_en", "text", "text_en")
        return Said(**{name: self.cleaned_data[name].strip() for name in names})


class ReasonForm(SaidForm):
    """A reason: its text says how it is recognised."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("How it is recognised, in Chinese")
        self.fields["text_en"].label = _("How it is recognised, in English")


class AnswerForm(SaidForm):
    """An answer: its text is what is said or done."""

    kind = forms.ChoiceField(label=_("Kind"), choices=AnswerKind.choices)
    field_order = ("kind", "name", "name_en", "text", "text_en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What is said or done, in Chinese")
        self.fields["text_en"].label = _("What is said or done, in English")


class RefusalFilter(forms.Form):
    text = forms.CharField(label=_("Merchant or lead"), max_length=80, required=False)
    root = forms.ChoiceField(
        label=_("Kind of reason"), required=False, choices=[("", _("All")), *Root.choices]
    )
    state = forms.ChoiceField(
        label=_("What became of it"),
        required=False,
        choices=[("", _("All that count")), *RefusalState.choices],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper(
            {"text": "col-12 col-md-4", "root": "col-6 col-md-3", "state": "col-6 col-md-3"}
        )


class LeadFilter(forms.Form):
    text = forms.CharField(label=_("Number or origin"), max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper({"text": "col-12 col-md-4"})
