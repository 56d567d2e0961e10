"""What a person may ask the page of a touch plan for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kit import filters
from portal.kit.days import DayField


class DayFilter(forms.Form):
    day = DayField(label=_("Steps planned for"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper({"day": "col-6 col-md-3"})
