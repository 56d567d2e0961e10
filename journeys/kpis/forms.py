"""What a person may ask figures for."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from journeys.cards import queries as cards
from journeys.kpis.enums import AsOf, Dimension, IssueSource, LeadsBy, TimesBy
from portal.kit import days, filters
from portal.staff import queries as staff

_REASON_LENGTH = 200
LONGEST = 366


class ReportFilter(forms.Form):
    """The filter of the daily sales report: all of it stands in the address."""

    day = days.DayField(label=_("Day"), required=False)
    by = forms.ChoiceField(label=_("Broken down by"), choices=Dimension.choices, required=False)
    branch = forms.ChoiceField(label=_("Branch"), required=False, widget=filters.Choices)
    product = forms.ChoiceField(label=_("Product"), required=False)
    source = forms.ChoiceField(
        label=_("Source"), choices=[("", _("All")), *IssueSource.choices], required=False
    )
    as_of = forms.ChoiceField(label=_("As of when"), choices=AsOf.choices, required=False)
    known_on = days.DayField(label=_("As known on the evening of"), required=False)

    def __init__(self, *args: Any, branches: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        products = cards.own_products()
        self.paths = {row.code: row.path for row in branches}
        self.products = {row.code: row.pk for row in products}
        for name, rows in (("branch", branches), ("product", products)):
            listed = [("", _("All")), *((row.code, row.label) for row in rows)]
            cast(forms.ChoiceField, self.fields[name]).choices = listed
        self.helper = filters.filter_helper(dict.fromkeys(self.fields, "col-6 col-md-auto"))

    def asked(self, usual_day: dt.date) -> dict[str, Any]:
        """This will return what the checked form asks `report_of` for; a value that is wrong is
        left out."""
        said = getattr(self, "cleaned_data", {})
        return {
            "day": said.get("day") or usual_day,
            "by": Dimension(said.get("by") or Dimension.BRANCH),
            "branch_path": self.paths.get(said.get("branch", ""), ""),
            "product": self.products.get(said.get("product", "")),
            "source": said.get("source", ""),
            "as_of": AsOf(said.get("as_of") or AsOf.NOW),
            "known_on": said.get("known_on"),
        }


def report_filter(asked: QueryDict | None, branch_path: str, usual: dt.date | None) -> ReportFilter:
    """This will make the filter with what there is to choose from in a branch and below it."""
    branches = staff.branches_below(branch_path)
    return ReportFilter(asked, branches=branches, initial={"day": usual})


class _SpanFilter(forms.Form):
    """Days from one to another, at most a year; a wrong one is left out."""

    first = days.DayField(label=_("From"), required=False)
    last = days.DayField(label=_("Until"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["by", "first", "last"])
        self.helper = filters.filter_helper(dict.fromkeys(self.fields, "col-6 col-md-auto"))

    def clean(self) -> dict[str, Any]:
        """This will refuse days in the wrong order, and more than a year of them."""
        said = super().clean() or {}
        first, last = said.get("first"), said.get("last")
        if first and last and not 0 <= (last - first).days <= LONGEST:
            self.add_error("last", _("Choose at most a year, the earlier day first."))
        return said


class LeadsFilter(_SpanFilter):
    by = forms.ChoiceField(label=_("Broken down by"), choices=LeadsBy.choices, required=False)


class TimesFilter(_SpanFilter):
    by = forms.ChoiceField(label=_("Broken down by"), choices=TimesBy.choices, required=False)


class RecountForm(forms.Form):
    reason = forms.CharField(label=_("Why they are counted again"), max_length=_REASON_LENGTH)
