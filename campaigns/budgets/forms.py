"""What a person may ask the ledger of budgets for."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.budgets import queries
from campaigns.budgets.enums import EntryKind
from portal.kit import days, filters

_WIDTHS = {
    "campaign": "col-12 col-md-3", "party": "col-6 col-md-2", "kind": "col-6 col-md-2",
    "first": "col-6 col-md-2", "last": "col-6 col-md-2",
}  # fmt: skip


class LedgerFilter(forms.Form):
    """Entries of a campaign, a party, a kind, and a span of days of which both count."""

    campaign = forms.ChoiceField(label=_("Campaign"), required=False)
    party = forms.ChoiceField(label=_("borne by"), required=False)
    kind = forms.ChoiceField(
        label=_("kind"), required=False, choices=[("", _("All")), *EntryKind.choices]
    )
    first = days.DayField(label=_("First day"), required=False)
    last = days.DayField(label=_("Up to, included"), required=False)

    def __init__(
        self,
        *args: Any,
        campaigns: Sequence[tuple[str, str]],
        parties: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["campaign"].choices = [("", _("All")), *campaigns]
        fields["party"].choices = [("", _("All")), *parties]
        self.helper = filters.filter_helper(_WIDTHS)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if isinstance(first, dt.date) and isinstance(last, dt.date) and last < first:
            self.add_error("last", _("The last day lies before the first."))
        return given


def ledger_filter(asked: Any) -> LedgerFilter:
    """This will make the ledger's filter with what there is to choose from."""
    return LedgerFilter(
        asked,
        campaigns=[(book.campaign.code, book.campaign.label) for book in queries.accounts()],
        parties=queries.party_names(queries.parties()),
    )


def asked_of(form: LedgerFilter) -> dict[str, Any]:
    """This will return what was asked for; what is wrong is left out."""
    return {name: form.cleaned_data.get(name) or None for name in form.fields}
