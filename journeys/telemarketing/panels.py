"""Home panels about leads."""

from typing import Any

from django.http import HttpRequest

from journeys.customers.enums import Source
from journeys.telemarketing import queries
from journeys.telemarketing.enums import LeadState
from portal.kit import clock
from portal.staff.access import scope_of, staff_of
from portal.staff.enums import Role

_FIRST = 5


def my_leads(request: HttpRequest) -> dict[str, Any] | None:
    """This will give a telemarketer the counts of the own leads and the youngest of those that are
    open and may be contacted."""
    staff = staff_of(request)
    if staff.role != Role.TELEMARKETER:
        return None
    at = clock.now()
    counts = queries.counts_of_owner(staff_id=staff.pk, at=at)
    scope = scope_of(staff)
    mine = queries.callable_leads(scope=scope, at=at).filter(owner=staff)
    return {
        "refused": queries.refused_of_owner(staff_id=staff.pk),
        "resting": queries.resting_of_owner(staff_id=staff.pk, at=at),
        # What is called off has nobody on it.
        "counts": [
            (LeadState(state).label, counts.get(state, 0))
            for state in LeadState.values
            if state != LeadState.OFF
        ],
        "free": queries.told_free(scope=scope, at=at),
        "leads": list(mine[:_FIRST]),
    }


def leads_by_source(request: HttpRequest) -> dict[str, Any] | None:
    """This will give a branch manager the leads of the branch by source."""
    staff = staff_of(request)
    if staff.role != Role.BRANCH_MANAGER:
        return None
    found = queries.counts_by_source(scope=scope_of(staff))
    rows = [
        {"source": Source(code).label, "count": count, "won": won} for code, count, won in found
    ]
    return {"rows": rows, "most": max((count for _code, count, _won in found), default=0)}
