"""What became of leads: called, applied, issued, in use, by whom or what they are credited to."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from journeys.customers.enums import Source
from journeys.telemarketing.enums import CreditTo
from journeys.telemarketing.models import Lead
from portal.kit import clock
from portal.kit.shares import Share
from portal.staff import queries as staff
from portal.staff.access import Scope
from portal.staff.models import Staff

# Fewer leads than these say nothing of who is better: they stand apart, without a rate.
FEWEST = 30
_KEYS = {
    CreditTo.CALLER: "CASE WHEN won.id IS NULL THEN called.holder_id ELSE won.caller_id END::text",
    CreditTo.TEAM: "credit.credit_team_id::text",
    CreditTo.BRANCH: "credit.credit_branch_id::text",
    CreditTo.SOURCE: "credit.source",
    CreditTo.CAMPAIGN: "nullif(credit.campaign, '')",
    CreditTo.POST: "credit.post_id::text",
}
# By `lead_branch_state`: the leads of the branches that were collected in these days and stand for
# themselves. Where others were merged into one, whoever collected the first is credited.
_COUNTS = """
WITH leads AS MATERIALIZED (
    SELECT lead.id, lead.attempts FROM journeys_lead AS lead
    WHERE lead.branch_id = ANY(%(branches)s::bigint[])
      AND lead.state IN ('new', 'working', 'won', 'lost')
      AND lead.created_at >= %(first)s AND lead.created_at < %(end)s
), others AS MATERIALIZED (
    SELECT journeys_lead_root(merged_id) AS lead, min(merged_id) AS first,
           array_agg(merged_id) AS merged
    FROM journeys_leadmerge WHERE undone_at IS NULL GROUP BY 1
)
SELECT {key} AS key, count(*), count(*) FILTER (WHERE leads.attempts > 0),
       count(won.id), count(won.id) FILTER (WHERE a.card_issued_date IS NOT NULL),
       count(won.id) FILTER (WHERE a.card_issued_date IS NOT NULL AND EXISTS (
           SELECT FROM journeys_card AS card
            WHERE card.customer_id = a.customer_id AND card.application_id = a.id
              AND card.activated_date IS NOT NULL AND card.first_used_date IS NOT NULL
              AND card.closed_date IS NULL))
FROM leads
LEFT JOIN others ON others.lead = leads.id
LEFT JOIN journeys_leadconversion AS won ON won.lead_id = leads.id
LEFT JOIN journeys_application AS a ON a.id = won.application_id
{more}
GROUP BY 1
"""
_CREDIT = "JOIN journeys_lead AS credit ON credit.id = least(leads.id, others.first)"
_CALLED = """
LEFT JOIN LATERAL (
    SELECT hold.holder_id FROM journeys_leadhold AS hold
    WHERE hold.lead_id = ANY(others.merged || leads.id) AND hold.called_at IS NOT NULL
    ORDER BY hold.called_at DESC, hold.id DESC LIMIT 1) AS called ON leads.attempts > 0
"""


@dataclass(frozen=True)
class Line:
    """What became of the leads that are credited to one: counts, each a part of the one before
    but for `called`."""

    key: str
    name: str
    leads: int
    called: int
    applied: int
    issued: int
    active: int

    @property
    def share(self) -> Share:
        """Of the leads those that led to an application."""
        return Share(self.applied, self.leads)

    @property
    def is_small(self) -> bool:
        """Whether there are too few to compare."""
        return self.leads < FEWEST


@dataclass(frozen=True)
class Conversion:
    """The lines of a breakdown, those with enough leads first, and all of them together."""

    lines: Sequence[Line]
    total: Line


def statement_of(by: CreditTo) -> str:
    """This will return the statement that counts, with the gaps `branches`, `first`, `end`."""
    more = _CALLED if by == CreditTo.CALLER else _CREDIT
    return _COUNTS.format(key=_KEYS[by], more=more)


def conversion(*, scope: Scope, by: CreditTo, first: dt.date, last: dt.date) -> Conversion:
    """This will count what became of the leads of a scope that were collected on the days from
    `first` to `last`, both inside, by whom or what they are credited to."""
    branches = [row.pk for row in staff.branches_below(scope.branch_path)]
    asked: dict[str, Any] = {
        "branches": branches, "first": clock.start_of(first),
        "end": clock.start_of(last + dt.timedelta(days=1)),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement_of(by), asked)
        found = cursor.fetchall()
    names = _names(by, [key for key, *_counts in found if key is not None])
    lines = [
        Line(key or "", names.get(key, "") if key else _NOBODY[by](), *counts)
        for key, *counts in found
    ]
    lines.sort(key=lambda line: (line.is_small, -line.leads, line.name))
    sums = [sum(counts) for counts in zip(*(row[1:] for row in found), strict=True)]
    return Conversion(lines, Line("", _("Together"), *(sums or [0] * 5)))


_NOBODY: dict[CreditTo, Any] = {
    CreditTo.CALLER: lambda: _("called by nobody"),
    CreditTo.TEAM: lambda: _("no team"),
    CreditTo.BRANCH: lambda: _("no branch"),
    CreditTo.SOURCE: lambda: _("no source"),
    CreditTo.CAMPAIGN: lambda: _("no campaign"),
    CreditTo.POST: lambda: _("no post"),
}


def _names(by: CreditTo, keys: Sequence[str]) -> dict[str, str]:
    """What each key is called."""
    if by == CreditTo.SOURCE:
        return {key: str(Source(key).label) for key in keys}
    if by == CreditTo.CAMPAIGN:
        return {key: key for key in keys}
    if by == CreditTo.BRANCH:
        labels = staff.branch_labels([int(key) for key in keys])
        return {str(pk): label for pk, label in labels.items()}
    if by == CreditTo.CALLER:
        return {str(row.pk): row.label for row in Staff.objects.filter(pk__in=keys)}
    field = "credit_team" if by == CreditTo.TEAM else "post"
    model: Any = Lead._meta.get_field(field).related_model
    return {str(row.pk): str(row) for row in model.objects.filter(pk__in=keys)}
