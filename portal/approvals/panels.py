"""The panel of the home page: what waits for this person."""

from typing import Any

from django.http import HttpRequest

from portal.approvals import queries
from portal.staff.access import scope_of, staff_of

_SHOWN = 5


def waiting(request: HttpRequest) -> dict[str, Any] | None:
    """This will return what waits for the person's decision, or None for whom nothing ever can."""
    staff = staff_of(request)
    if not queries.kinds_for(staff):
        return None
    found = list(queries.waiting_for(staff, scope=scope_of(staff))[: _SHOWN + 1])
    return {"submissions": found[:_SHOWN], "has_more": len(found) > _SHOWN}
