"""What a person may ask the list of open applications for."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.cards.enums import Clock, Track
from portal.kit import filters


class ClockFilter(forms.Form):
    clock = forms.ChoiceField(
        label=_("Clock"), required=False, choices=[("", _("All")), *Clock.choices]
    )
    branch = forms.ChoiceField(label=_("Branch"), required=False, widget=filters.Choices)
    product = forms.ChoiceField(label=_("Product"), required=False)
    track = forms.ChoiceField(
        label=_("Fast track"), required=False, choices=[("", _("All")), *Track.choices]
    )

    def __init__(
        self,
        *args: Any,
        branches: Sequence[tuple[str, str]],
        products: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("branch", branches), ("product", products)):
            cast(forms.ChoiceField, self.fields[name]).choices = [("", _("All")), *choices]
        self.helper = filters.filter_helper(dict.fromkeys(self.fields, "col-6 col-md-auto"))
