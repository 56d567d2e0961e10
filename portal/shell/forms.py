"""What a person may ask the page of figures for."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kit import filters
from portal.shell.enums import Period


class FiguresFilter(forms.Form):
    branch = forms.ChoiceField(label=_("Branch"), required=False, widget=filters.Choices)
    period = forms.ChoiceField(label=_("Time span"), required=False, choices=Period.choices)

    def __init__(self, *args: Any, branches: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(branch.code, branch.label) for branch in branches]
        cast(forms.ChoiceField, self.fields["branch"]).choices = [("", _("All")), *named]
        self.helper = filters.filter_helper(dict.fromkeys(self.fields, "col-6 col-md-auto"))
