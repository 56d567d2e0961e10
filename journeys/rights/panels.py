"""The home panel of requests about data: what nears its limit, and what the source contradicts."""

from typing import Any

from django.http import HttpRequest

from journeys.rights import queries
from journeys.rights.rules import deadlines
from portal.kit import clock
from portal.staff.access import scope_of, staff_of

_FIRST = 5


def requests_near(request: HttpRequest) -> dict[str, Any] | None:
    """This will give the running requests of the scope whose end is near or has passed, and how
    many corrections a file of the source would undo."""
    on, scope = clock.today(), scope_of(staff_of(request))
    rows = queries.nearing_limit(scope=scope, on=on)
    return {
        "count": rows.count(),
        "near_days": deadlines.NEAR_DAYS,
        "contradicted": queries.contradicted(scope=scope).count(),
        "rows": [
            {"request": row, "clock": deadlines.clock_on(row.due_date, on)} for row in rows[:_FIRST]
        ],
    }
