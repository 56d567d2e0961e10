"""What campaigns will still have to grant as a file: figures, no customers."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.budgets import queries as budgets
from campaigns.planning import queries as planning
from portal.kit.registry import BadFilter, Exportable, Exported
from portal.staff import queries as staff
from portal.staff.access import Scope, scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff

if TYPE_CHECKING:  # numbers in arrays are loaded by whoever forecasts, not by every process
    from campaigns.liability import queries

_ASKED = "campaign"


@dataclass(frozen=True)
class Row:
    """A line of the table: which part of a campaign, what was granted of it, and what will be."""

    part: str
    name: str
    granted: Decimal
    still: "queries.Amounts"

    @property
    def in_all(self) -> "queries.Amounts":
        return self.still.besides(self.granted)


def table_of(found: "queries.Outlook", *, campaign: Any, scope: Scope) -> list[Row]:
    """This will name the lines of a forecast: the campaign, who bears the cost, its tiers, and of
    its branches those of the scope, the largest first."""
    if found.still is None:
        return []
    parties = dict(budgets.party_names([one.key for one in found.parties]))
    tiers = {code: tier.label for (_pk, code), tier in planning.tiers_of(campaign.pk).items()}
    branches = staff.branch_labels([one.key for one in found.branches], path=scope.branch_path)
    largest = sorted(found.branches, key=lambda one: (-one.still.expected, one.key))
    return [
        Row(gettext("Whole campaign"), "", found.granted, found.still),
        *_rows(gettext("Borne by"), parties, found.parties),
        *(_rows(gettext("Reward"), tiers, found.tiers) if len(found.tiers) > 1 else []),
        *_rows(gettext("Branch"), branches, [one for one in largest if one.key in branches]),
    ]


def _rows(part: str, names: Mapping[Any, str], found: Sequence["queries.Line"]) -> list[Row]:
    return [Row(part, names.get(one.key, str(one.key)), one.granted, one.still) for one in found]


def _read(person: Staff, asked: QueryDict, on: dt.date) -> Exported:
    code = asked.get(_ASKED, "")
    if not code:
        campaigns = [version.campaign for version in planning.in_force()]
        return Exported({}, _lines(campaigns, scope_of(person), on))
    campaign = planning.find_campaign(code)
    if campaign is None:
        raise BadFilter(gettext("There is no campaign {code}.").format(code=code))
    return Exported({_ASKED: code}, _lines([campaign], scope_of(person), on))


def _words_of() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    label = gettext("Campaign code")
    return lambda asked: [(label, value) for value in asked.values()]


def _lines(campaigns: Sequence[Any], scope: Scope, on: dt.date) -> Iterator[Sequence[Any]]:
    from campaigns.liability import queries

    for campaign in campaigns:
        found = queries.outlook(campaign, on=on)
        if found.still is None:
            yield (
                campaign.code, campaign.label, gettext("Whole campaign"), "", found.granted,
                *[None] * 6, None, None, "", str(found.why.label) if found.why else "",
                found.at_most,
            )  # fmt: skip
        ground = str(found.ground.label) if found.ground else ""
        for row in table_of(found, campaign=campaign, scope=scope):
            still, whole = row.still, row.in_all
            yield (
                campaign.code, campaign.label, row.part, row.name, row.granted, still.expected,
                still.low, still.high, whole.expected, whole.low, whole.high, found.first,
                found.until, ground, "", None if row.name else found.at_most,
            )  # fmt: skip


LIABILITIES = Exportable(
    code="liabilities",
    label=_("What campaigns will still grant"),
    permission=Permission.VIEW_CAMPAIGNS,
    list_url="campaign_list",
    columns=(
        (_("Campaign code"), 20), (_("Campaign"), 26), (_("Part of the campaign"), 20),
        (_("Name"), 24), (_("Granted (CNY)"), 16), (_("Still expected (CNY)"), 18),
        (_("Lower end"), 14), (_("Upper end"), 14), (_("In all, expected (CNY)"), 18),
        (_("In all, lower end"), 16), (_("In all, upper end"), 16), (_("First day"), 12),
        (_("Up to, included"), 12), (_("Goes by"), 34), (_("Why nothing is forecast"), 40),
        (_("Limits leave at most (CNY)"), 18),
    ),
    read=_read,
    words_of=_words_of,
    is_about_customers=False,
)  # fmt: skip
