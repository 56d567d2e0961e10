"""Forms of message texts."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.submission import rules
from journeys.outreach.rules import BadTemplate


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        min_length=2,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays in the audit trail."),
    )


class TextForm(forms.Form):
    """The next wording of a text; only a mail has a subject."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(
        label=_("Text"), max_length=2000, strip=False, widget=forms.Textarea(attrs={"rows": 9})
    )

    def __init__(
        self,
        *args: Any,
        has_subject: bool,
        variables: Sequence[str] = rules.VARIABLES,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not has_subject:
            del self.fields["subject"]
        self.fields["body"].help_text = _("Values that are filled in: {names}").format(
            names=", ".join(f"{{{name}}}" for name in variables)
        )

    def clean_body(self) -> str:
        """This will keep the lines as they were typed, ended as texts are."""
        return str(self.cleaned_data["body"]).replace("\r\n", "\n").strip()

    def clean(self) -> dict[str, Any]:
        """This will refuse braces that are no variable."""
        found = super().clean() or {}
        for name in ("subject", "body"):
            try:
                rules.unknown_variables(found.get(name, ""))
            except BadTemplate as bad:
                sentence = _("A value is written {{name}}, nothing else stands in braces: {part}")
                self.add_error(name, sentence.format(part=bad))
        return found
