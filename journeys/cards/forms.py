"""What a person may ask the list of open applications for."""

from collections.abc import Sequence
from typing import Any, cast

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.cards.enums import Clock, Track


class ClockFilter(forms.Form):
    clock = forms.ChoiceField(
        label=_("Clock"), required=False, choices=[("", _("All")), *Clock.choices]
    )
    branch = forms.ChoiceField(label=_("Branch"), required=False)
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
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Div(
                *(Div(name, css_class="col-6 col-md-auto") for name in self.fields),
                Div(
                    StrictButton(_("Show"), type="submit", css_class="btn-primary mb-3"),
                    css_class="col-auto",
                ),
                css_class="row g-3 align-items-end",
            )
        )
