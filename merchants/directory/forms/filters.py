"""What a person may ask the merchant list for; a value that is wrong is left out."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from merchants.directory import queries
from merchants.directory.enums import Scenario
from portal.kit import filters
from portal.staff import queries as staff
from portal.staff.access import Scope

_ALL = ("", _("All"))
_WIDTHS = {
    "text": "col-12 col-md-4", "scenario": "col-6 col-md-2", "partner": "col-6 col-md-2",
    "ends": "col-12 col-md-4", "place": "col-12 col-md-4", "branch": "col-6 col-md-3",
    "manager": "col-6 col-md-3",
}  # fmt: skip


class MerchantFilter(forms.Form):
    text = forms.CharField(
        label=_("Name, pinyin, number or credit code"), max_length=80, required=False
    )
    scenario = forms.ChoiceField(
        label=_("Scenario"), required=False, choices=[_ALL, *Scenario.choices]
    )
    partner = forms.ChoiceField(
        label=_("Partner"),
        required=False,
        choices=[_ALL, ("yes", _("Partners")), ("asked", _("Asked for")), ("no", _("Others"))],
    )
    ends = forms.ChoiceField(
        label=_("Contract ends"),
        required=False,
        choices=[
            _ALL,
            ("30", _("within 30 days")),
            ("60", _("within 60 days")),
            ("90", _("within 90 days")),
            ("180", _("within 180 days")),
        ],
    )
    place = forms.ChoiceField(label=_("Place"), required=False, widget=filters.Choices)
    branch = forms.ChoiceField(label=_("Branch"), required=False, widget=filters.Choices)
    manager = forms.ChoiceField(
        label=_("Relationship manager"), required=False, widget=filters.Choices
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        branches = staff.branches_below(scope.branch_path)
        self._offer("place", queries.places_in_use(scope=scope))
        self._offer("branch", [(branch.code, branch.label) for branch in branches])
        people = [(one.username, one.label) for one in queries.managers_in_use(scope=scope)]
        self._offer("manager", [("-", _("Nobody")), *people])
        self.helper = filters.filter_helper(_WIDTHS)

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = [_ALL, *choices]

    def asked(self, on: dt.date) -> dict[str, Any]:
        """What is asked of the list on a day, by the names that the query knows."""
        found = dict(self.cleaned_data)
        ends = found.pop("ends", "")
        found = {name: value for name, value in found.items() if value}
        if ends:
            # The last of so many days counts.
            found |= {"ends_before": on + dt.timedelta(days=int(ends) + 1), "on": on}
        return found
