"""What a person may ask the list of results for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kit import filters


class ResultFilter(forms.Form):
    told = forms.ChoiceField(
        label=_("Told"),
        required=False,
        choices=[
            ("", _("All")),
            ("sent", _("Told")),
            ("waiting", _("On the way")),
            ("not_told", _("Not told")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper({"told": "col-6 col-md-3"})
