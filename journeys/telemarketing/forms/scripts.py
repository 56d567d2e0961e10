"""What is said of a script, and in which mood and about which product callers want theirs."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.telemarketing import operations, rules
from journeys.telemarketing.enums import Mood, ScriptSegment, ScriptStage
from portal.kit.plain import PlainForm

_TEXT = {"rows": 4}


class ScriptForm(PlainForm):
    """The place of a script, and up to three variants: those without words are left out."""

    stage = forms.ChoiceField(label=_("Part of the call"), choices=ScriptStage.choices)
    product = forms.TypedChoiceField(label=_("Product"), required=False, empty_value=None)
    segment = forms.ChoiceField(
        label=_("For whom"), required=False,
        choices=[("", _("Everybody")), *ScriptSegment.choices],
    )  # fmt: skip
    mood = forms.ChoiceField(
        label=_("In which mood"), required=False, choices=[("", _("Any")), *Mood.choices]
    )
    evidence = forms.CharField(
        label=_("Evidence"), required=False, max_length=300,
        help_text=_("The source of what is claimed: a schedule of fees, a page of ours."),
    )  # fmt: skip

    def __init__(self, *args: Any, products: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.TypedChoiceField, self.fields["product"])
        field.coerce = int
        field.choices = [("", _("Any")), *((one.pk, one.label) for one in products)]
        for code in rules.CODES:
            self._add_variant(code)

    def _add_variant(self, code: str) -> None:
        is_first = code == rules.CODES[0]
        letter = code.upper()
        self.fields[f"body_{code}"] = forms.CharField(
            label=_("Variant {letter}").format(letter=letter), required=is_first, max_length=1000,
            widget=forms.Textarea(attrs=_TEXT),
            help_text=_("Values: {caller}, {person}, {company}, {product}, {branch}.")
            if is_first
            else _("Leave it empty where there is none."),
        )  # fmt: skip
        self.fields[f"body_en_{code}"] = forms.CharField(
            label=_("Variant {letter} in English").format(letter=letter), required=is_first,
            max_length=1000, widget=forms.Textarea(attrs=_TEXT),
        )  # fmt: skip
        self.fields[f"share_{code}"] = forms.IntegerField(
            label=_("Share of variant {letter} in percent").format(letter=letter),
            required=is_first, min_value=1, max_value=100, initial=100 if is_first else None,
        )  # fmt: skip

    @property
    def place(self) -> operations.ScriptPlace:
        """What the script is for."""
        said = self.cleaned_data
        return operations.ScriptPlace(said["stage"], said["product"], said["segment"], said["mood"])

    @property
    def variants(self) -> list[rules.Variant]:
        """The variants that have words or a share."""
        said = self.cleaned_data
        return [
            rules.Variant(
                code, said[f"share_{code}"] or 0, said[f"body_{code}"], said[f"body_en_{code}"]
            )
            for code in rules.CODES
            if said[f"body_{code}"] or said[f"body_en_{code}"] or said[f"share_{code}"]
        ]


class SayForm(forms.Form):
    """How the person sounds, which is chosen where the call is wrapped up, and what is talked
    about."""

    mood_before = forms.ChoiceField(required=False, choices=[("", _("Any")), *Mood.choices])
    product = forms.TypedChoiceField(label=_("Product"), required=False, empty_value=None)

    def __init__(self, *args: Any, products: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.TypedChoiceField, self.fields["product"])
        field.widget.attrs["class"] = "form-select"
        field.coerce = int
        field.choices = [("", _("Any")), *((one.pk, one.label) for one in products)]
