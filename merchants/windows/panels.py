"""The home panel of meetings that come."""

import datetime as dt
from typing import Any

from django.http import HttpRequest

from merchants.windows import queries
from portal.kit import clock
from portal.staff.access import scope_of, staff_of
from portal.staff.enums import Role

_FIRST = 5
_AHEAD = dt.timedelta(days=14)


def coming_meetings(request: HttpRequest) -> dict[str, Any] | None:
    """This will give a relationship manager the own meetings of the next two weeks, and a branch
    manager those of the branches; those whose day has passed come first."""
    staff, on = staff_of(request), clock.today()
    if staff.role not in {Role.RELATIONSHIP_MANAGER, Role.BRANCH_MANAGER}:
        return None
    rows = list(queries.coming_within(scope=scope_of(staff), before=on + _AHEAD)[:_FIRST])
    hidden = queries.hidden_counts(partnership_ids=[row.partnership_id for row in rows])
    return {
        "meetings": [
            {
                "meeting": row,
                "is_past": row.on_date < on,
                "hidden": hidden.get(row.partnership_id, 0),
            }
            for row in rows
        ]
    }
