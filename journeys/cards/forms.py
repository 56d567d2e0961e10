"""What a person may ask the application clock for, and how its limits are set."""

from collections.abc import Iterable
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from journeys.cards import queries
from journeys.cards.enums import Awaited, Clock, Track
from portal.kit import days, filters
from portal.staff import queries as staff


class ClockFilter(forms.Form):
    clock = forms.ChoiceField(
        label=_("Clock"), required=False, choices=[("", _("All")), *Clock.choices]
    )
    awaited = forms.ChoiceField(
        label=_("Waits for"), required=False, choices=[("", _("All")), *Awaited.choices]
    )
    branch = forms.ChoiceField(label=_("Branch"), required=False, widget=filters.Choices)
    product = forms.ChoiceField(label=_("Product"), required=False)
    track = forms.ChoiceField(
        label=_("Fast track"), required=False, choices=[("", _("All")), *Track.choices]
    )

    def __init__(
        self,
        *args: Any,
        branches: Iterable[Any],
        products: Iterable[Any],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.paths = {branch.code: branch.path for branch in branches}
        for name, rows in (("branch", branches), ("product", products)):
            choices = [("", _("All")), *((row.code, row.label) for row in rows)]
            cast(forms.ChoiceField, self.fields[name]).choices = choices
        self.helper = filters.filter_helper(dict.fromkeys(self.fields, "col-6 col-md-auto"))

    @property
    def asked(self) -> dict[str, str]:
        """What is asked for, for the page and its file; a value that is wrong is left out."""
        asked = {name: self.cleaned_data.get(name, "") for name in self.fields}
        path = self.paths.get(asked.pop("branch"), "")
        return {**asked, "branch_path": path}


def clock_filter(asked: QueryDict | None, branch_path: str) -> ClockFilter:
    """This will make the filter with what there is to choose from in a branch and below it."""
    return ClockFilter(
        asked,
        branches=staff.branches_below(branch_path),
        products=queries.own_products(),
    )


class ClockRuleForm(forms.Form):
    effective_date = days.DayField(label=_("In force from"))
    limit_days = forms.IntegerField(
        label=_("Days from application to issue"), min_value=1, max_value=366
    )
    near_days = forms.IntegerField(
        label=_("Days before the limit that warn"), min_value=0, max_value=365
    )
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
