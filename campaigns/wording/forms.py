"""What a person may ask of the check of wording, and decide about words."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.wording.enums import Level, WordState
from portal.kit import days

MOST_CHARACTERS = 20_000


class CheckForm(forms.Form):
    text = forms.CharField(
        label=_("Text to check"),
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Chinese, English or both; it is not kept."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class DecisionForm(forms.Form):
    word = forms.CharField(
        label=_("Word or rule"),
        max_length=60,
        help_text=_("A word as it is written in texts, or the code of a rule, such as top-prize."),
    )
    state = forms.ChoiceField(label=_("From that day on it"), choices=WordState.choices)
    level = forms.ChoiceField(
        label=pgettext_lazy("word of advertising", "Level"),
        choices=[("", _("Choose")), *Level.choices],
        required=False,
        help_text=_("Needed where the word is to be found."),
    )
    effective_date = days.DayField(label=_("In force from"))
    source = forms.CharField(
        label=_("Source of the rule"),
        min_length=2,
        max_length=2000,
        help_text=_("The law, the letter or the decision."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> dict[str, Any]:
        """This will ask for the level where it is needed."""
        given = super().clean() or {}
        if given.get("state") == WordState.FOUND and not given.get("level"):
            self.add_error("level", _("Choose how grave the word is."))
        return given
