"""What a person may ask the funnel for."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.stages import queries
from journeys.stages.enums import Breakdown
from portal.kit import filters

_LATEST_MONTHS = 60  # a list of choices stays a list of choices


class FunnelFilter(forms.Form):
    branch = forms.ChoiceField(label=_("Branch"), required=False)
    product = forms.ChoiceField(label=_("Product"), required=False)
    month = forms.ChoiceField(label=_("Month of entry"), required=False)
    by = forms.ChoiceField(label=_("Broken down by"), required=False, choices=Breakdown.choices)

    def __init__(
        self,
        *args: Any,
        branches: Sequence[Any],
        products: Sequence[Any],
        months: Sequence[dt.date],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.paths = {branch.code: branch.path for branch in branches}
        self.names = {
            Breakdown.BRANCH.value: {row.code: row.label for row in branches},
            Breakdown.PRODUCT.value: {
                "": str(_("No product yet")),
                **{row.code: row.label for row in products},
            },
        }
        named = [(f"{month:%Y-%m}", f"{month:%Y-%m}") for month in months[:_LATEST_MONTHS]]
        of_rows = [[(row.code, row.label) for row in rows] for rows in (branches, products)]
        for name, choices in zip(("branch", "product", "month"), (*of_rows, named), strict=True):
            cast(forms.ChoiceField, self.fields[name]).choices = [("", _("All")), *choices]
        self.helper = filters.filter_helper(dict.fromkeys(self.fields, "col-6 col-md-auto"))

    @property
    def grouped_by(self) -> str:
        """What the groups are, by branch where nothing else was asked for."""
        return self.cleaned_data.get("by") or Breakdown.BRANCH.value

    @property
    def wanted(self) -> queries.Wanted:
        """Whom the page and its file are about; a value that is wrong is left out."""
        asked = self.cleaned_data
        month = asked.get("month")
        return queries.Wanted(
            branch_path=self.paths.get(asked.get("branch", ""), ""),
            product=asked.get("product", ""),
            month=dt.date.fromisoformat(f"{month}-01") if month else None,
        )

    def name_of(self, key: str) -> str:
        """How the group of this branch, product or month is called."""
        return self.names.get(self.grouped_by, {}).get(key, key)
