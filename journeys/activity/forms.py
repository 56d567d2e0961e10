"""What a person may ask figures of activity for, and how their meaning is set."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from journeys.activity import queries
from journeys.activity.enums import Counted
from journeys.activity.rules import FORECAST_DAYS, FRAMES, SleepLimits
from journeys.cards import queries as cards
from portal.kit import days, filters
from portal.kit.plain import PlainForm
from portal.staff import queries as staff
from portal.staff.access import Scope

_WIDTH = "col-6 col-md-auto"


class _ScopeFilter(forms.Form):
    """Whose cards: of a branch with those below it, and of a product."""

    branch = forms.ChoiceField(label=_("Branch"), required=False, widget=filters.Choices)
    product = forms.ChoiceField(label=_("Product"), required=False)

    def __init__(
        self, *args: Any, branches: Iterable[Any], products: Iterable[Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.paths = {branch.code: branch.path for branch in branches}
        self._offer("branch", [("", _("All")), *((row.code, row.label) for row in branches)])
        self._offer("product", [("", _("All")), *((row.code, row.label) for row in products)])
        self.helper = filters.filter_helper(dict.fromkeys(self.fields, _WIDTH))

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def asked(self, scope: Scope) -> queries.Asked:
        """This will say whose cards are asked for; a value that is wrong is left out."""
        path = self.paths.get(self.cleaned_data.get("branch", ""), "")
        return queries.Asked(scope, path, self.cleaned_data.get("product", ""))


class ActivityFilter(_ScopeFilter):
    definition = forms.ChoiceField(label=_("Definition"), required=False)
    months = forms.TypedChoiceField(
        label=_("Months shown"), coerce=int, required=False,
        choices=[(count, str(count)) for count in FRAMES],
    )  # fmt: skip
    field_order = ("definition", "months", "branch", "product")

    def __init__(self, *args: Any, definitions: Iterable[Any], **kwargs: Any) -> None:
        self.known = [(row.code, row.label) for row in definitions]
        super().__init__(*args, **kwargs)
        self._offer("definition", self.known)

    @property
    def code(self) -> str:
        """The definition asked for, or else the first; empty where there is none."""
        return self.cleaned_data.get("definition") or next((code for code, _ in self.known), "")

    @property
    def frame(self) -> int:
        """For how many months figures are shown."""
        return int(self.cleaned_data.get("months") or FRAMES[0])


class SleepingFilter(_ScopeFilter):
    within = forms.TypedChoiceField(
        label=_("Asleep within days"), coerce=int, required=False,
        choices=[(count, str(count)) for count in FORECAST_DAYS],
    )  # fmt: skip
    field_order = ("within", "branch", "product")

    @property
    def days(self) -> int:
        """Within how many days the cards will be asleep."""
        return int(self.cleaned_data.get("within") or FORECAST_DAYS[0])


def activity_filter(asked: QueryDict | None, branch_path: str) -> ActivityFilter:
    """This will make the filter with what there is to choose from in a branch and below it."""
    return ActivityFilter(
        asked, branches=staff.branches_below(branch_path), products=cards.own_products(),
        definitions=queries.latest_definitions(),
    )  # fmt: skip


def sleeping_filter(asked: QueryDict | None, branch_path: str) -> SleepingFilter:
    """This will make the filter of the list with what there is to choose from."""
    return SleepingFilter(
        asked, branches=staff.branches_below(branch_path), products=cards.own_products()
    )


class _SettingForm(PlainForm):
    """What holds from a day on, without whom, and why."""

    policy_products = forms.MultipleChoiceField(
        label=_("Products with an added policy function"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Cards of these products are left out."),
    )  # fmt: skip
    effective_date = days.DayField(label=_("In force from"))
    source = forms.CharField(
        label=_("Source of the rule"), min_length=2, max_length=2000,
        help_text=_("The law, the letter or the decision."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.code, row.label) for row in cards.own_products()]
        cast(forms.MultipleChoiceField, self.fields["policy_products"]).choices = choices


class DefinitionForm(_SettingForm):
    code = forms.SlugField(
        label=_("Code"), max_length=20,
        help_text=_("That of an earlier definition replaces it from the day on."),
    )  # fmt: skip
    name = forms.CharField(label=_("Name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80)
    counted = forms.ChoiceField(label=_("What is counted"), choices=Counted.choices)
    window_days = forms.IntegerField(
        label=_("Used within the last days"), min_value=30, max_value=1096, initial=180
    )
    leaves_closed = forms.BooleanField(
        label=_("Leave out cancelled cards"), required=False, initial=True
    )
    leaves_unactivated = forms.BooleanField(
        label=_("Leave out cards never activated"), required=False
    )
    leaves_supplementary = forms.BooleanField(
        label=_("Leave out supplementary cards"), required=False
    )
    field_order = (
        "code", "name", "name_en", "counted", "window_days", "leaves_closed",
        "leaves_unactivated", "leaves_supplementary",
    )  # fmt: skip


class SleepRuleForm(_SettingForm):
    months = forms.IntegerField(
        label=_("Months without a transaction by the customer"), min_value=6, max_value=60,
        initial=18,
    )  # fmt: skip
    ceiling = forms.DecimalField(
        label=_("Ceiling (%)"), min_value=1, max_value=100, max_digits=5, decimal_places=2,
        initial=20, help_text=_("From here on no campaign brings new cards."),
    )  # fmt: skip
    near = forms.DecimalField(
        label=_("Warn from (%)"), min_value=1, max_value=100, max_digits=5, decimal_places=2,
        initial=18,
    )  # fmt: skip
    field_order = ("months", "ceiling", "near")

    @property
    def limits(self) -> SleepLimits:
        """What was set."""
        given = self.cleaned_data
        return SleepLimits(
            given["months"], given["ceiling"], given["near"], tuple(given["policy_products"])
        )
