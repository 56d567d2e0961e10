"""Leads that were collected, how they were followed up, and what came of them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from journeys.kpis.enums import LeadsBy
from journeys.telemarketing import queries as telemarketing
from journeys.telemarketing.enums import CreditTo
from portal.kit import clock
from portal.kit.shares import Share
from portal.staff import queries as staff
from portal.staff.access import Scope

_KEYS = {LeadsBy.TEAM: "credit.credit_team_id::text", LeadsBy.SOURCE: "credit.source"}
# The same leads as those of the conversion, by `lead_branch_state`; calls to leads that were
# merged into one count for it. What was merged into whom is followed for all of them together, a
# step of the way at a time.
_REACHED = """
WITH RECURSIVE asked AS MATERIALIZED (
    SELECT lead.id FROM journeys_lead lead
    WHERE lead.branch_id = ANY(%(branches)s::bigint[])
      AND lead.state IN ('new', 'working', 'won', 'lost') AND lead.attempts > 0
      AND lead.created_at >= %(first)s AND lead.created_at < %(end)s
), parts AS (
    SELECT id AS lead, id FROM asked
    UNION ALL
    SELECT parts.lead, merge.merged_id FROM parts
    JOIN journeys_leadmerge merge ON merge.kept_id = parts.id AND merge.undone_at IS NULL
), told AS (
    SELECT parts.lead, min(parts.id) AS first, bool_or(came.is_reached) AS reached,
           bool_or(came.is_interested) AS interested
    FROM parts
    LEFT JOIN journeys_leadcall call ON call.lead_id = parts.id
    LEFT JOIN journeys_disposition came ON came.id = call.disposition_id
    GROUP BY parts.lead
)
SELECT {key} AS key, count(*) FILTER (WHERE told.reached), count(*) FILTER (WHERE told.interested)
FROM told JOIN journeys_lead credit ON credit.id = told.first
GROUP BY 1
"""


@dataclass(frozen=True)
class LeadLine:
    """Leads credited to one team or source: collected, called, reached, interested, then applied
    and issued."""

    key: str
    name: str
    leads: int
    called: int
    reached: int
    interested: int
    applied: int
    issued: int

    @property
    def share_called(self) -> Share:
        return Share(self.called, self.leads)

    @property
    def share_reached(self) -> Share:
        return Share(self.reached, self.called)

    @property
    def share_interested(self) -> Share:
        return Share(self.interested, self.reached)

    @property
    def share_applied(self) -> Share:
        return Share(self.applied, self.leads)

    @property
    def share_issued(self) -> Share:
        return Share(self.issued, self.leads)

    @property
    def is_small(self) -> bool:
        """Whether there are too few to compare."""
        return self.leads < telemarketing.FEWEST


def leads_collected(
    *, scope: Scope, by: LeadsBy, first: dt.date, last: dt.date
) -> tuple[Sequence[LeadLine], LeadLine]:
    """This will tell what became of the leads of a scope that were collected on the days from
    `first` to `last`, both inside, by team or source, and of all together."""
    found = telemarketing.conversion(scope=scope, by=CreditTo(by.value), first=first, last=last)
    told = _reached(scope, by, first, last)
    lines = [
        LeadLine(
            one.key, one.name, one.leads, one.called, *told.get(one.key, (0, 0)), one.applied,
            one.issued,
        )
        for one in found.lines
    ]  # fmt: skip
    whole = found.total
    reached, interested = (sum(pair[place] for pair in told.values()) for place in (0, 1))
    total = LeadLine(
        "", whole.name, whole.leads, whole.called, reached, interested, whole.applied,
        whole.issued,
    )  # fmt: skip
    return lines, total


def reached_statement(by: LeadsBy) -> str:
    """This will return the statement that counts whom calls reached and interested, with the gaps
    `branches`, `first`, `end`."""
    return _REACHED.format(key=_KEYS[by])


def _reached(
    scope: Scope, by: LeadsBy, first: dt.date, last: dt.date
) -> dict[str, tuple[int, int]]:
    asked: dict[str, Any] = {
        "branches": [row.pk for row in staff.branches_below(scope.branch_path)],
        "first": clock.start_of(first), "end": clock.start_of(last + dt.timedelta(days=1)),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(reached_statement(by), asked)
        return {key or "": (reached, keen) for key, reached, keen in cursor.fetchall()}
