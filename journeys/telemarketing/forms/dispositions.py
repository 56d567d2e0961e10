"""What the head office says of an outcome of calls."""

from typing import Any, cast

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.telemarketing import operations, queries
from portal.kit.plain import PlainForm

_FLAGS = (
    "is_reached", "is_interested", "is_sale", "is_refused_for_good", "is_unworkable", "is_callback",
)  # fmt: skip


class DispositionForm(PlainForm):
    """An outcome; its code stays what it is once it is given."""

    code = forms.RegexField(
        label=_("Code"),
        regex=r"^[a-z][a-z0-9_]*$",
        max_length=24,
        help_text=_("Small letters, digits and underscores."),
    )
    group = forms.ChoiceField(label=_("Group"))
    place = forms.IntegerField(label=_("Key"), min_value=1, max_value=9)
    name = forms.CharField(label=_("Name in Chinese"), max_length=40)
    name_en = forms.CharField(label=_("Name in English"), max_length=60)
    is_reached = forms.BooleanField(label=_("The person was reached"), required=False)
    is_interested = forms.BooleanField(label=_("The person is interested"), required=False)
    is_sale = forms.BooleanField(label=_("The person applied"), required=False)
    is_callback = forms.BooleanField(label=_("A call was promised"), required=False)
    is_unworkable = forms.BooleanField(label=_("The lead is of no use"), required=False)
    is_refused_for_good = forms.BooleanField(label=_("Never to be contacted again"), required=False)
    recycle_hours = forms.IntegerField(
        label=_("Call again after hours"),
        min_value=1,
        max_value=2160,
        required=False,
        help_text=_("Empty: as the pool's policy says."),
    )
    rotates_hours = forms.BooleanField(
        label=_("At another part of the day"),
        required=False,
        help_text=_("Morning, afternoon and evening in turn."),
    )
    most_calls = forms.IntegerField(
        label=_("Calls of the phone at most"),
        min_value=1,
        max_value=50,
        required=False,
        help_text=_("Over all leads and campaigns. Empty: no limit."),
    )
    source = forms.CharField(label=_("Source of the rule"), min_length=2, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(group.code, group.shown_name) for group, _parts in queries.dispositions()]
        cast(forms.ChoiceField, self.fields["group"]).choices = groups
        if self.initial.get("code"):
            self.fields["code"].disabled = True
        half = "col-12 col-md-6"
        self.helper.layout = Layout(
            Div(*(Div(name, css_class=half) for name in ("code", "group")), css_class="row"),
            Div(
                Div("place", css_class="col-12 col-md-2"),
                *(Div(name, css_class="col-12 col-md-5") for name in ("name", "name_en")),
                css_class="row",
            ),
            Div(*(Div(name, css_class=half) for name in _FLAGS), css_class="row"),
            Div(
                *(
                    Div(name, css_class="col-12 col-md-4")
                    for name in ("recycle_hours", "most_calls", "rotates_hours")
                ),
                css_class="row",
            ),
            "source",
        )

    @property
    def facts(self) -> operations.OutcomeFacts:
        """What is said of it."""
        names = operations.OutcomeFacts.__dataclass_fields__
        return operations.OutcomeFacts(**{name: self.cleaned_data[name] for name in names})
