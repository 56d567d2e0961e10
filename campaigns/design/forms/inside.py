"""What a person may ask the list of those inside for."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.touches.enums import Fate
from portal.kit import filters


class InsideFilter(forms.Form):
    """What comes in force, the first of those named unless somebody asks for another, and what
    becomes of people then."""

    of = forms.ChoiceField(label=_("When this comes in force"), required=False)
    fate = forms.ChoiceField(
        label=_("What becomes of them"), required=False, choices=[("", _("All")), *Fate.choices]
    )

    def __init__(self, *args: Any, named: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._usual = next((key for key, _label in named), "")
        cast(forms.ChoiceField, self.fields["of"]).choices = list(named)
        self.helper = filters.filter_helper({"of": "col-12 col-md-6", "fate": "col-12 col-md-4"})

    @property
    def asked(self) -> dict[str, str]:
        """What is asked for; what is wrong is not."""
        self.is_valid()
        given = getattr(self, "cleaned_data", {})
        return {"of": given.get("of") or self._usual, "fate": given.get("fate", "")}
