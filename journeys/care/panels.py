"""The home panel of complaints that near their limit."""

from typing import Any

from django.http import HttpRequest

from journeys.care import queries, rules
from portal.kit import clock
from portal.staff.access import scope_of, staff_of

_FIRST = 5


def nearing_limit(request: HttpRequest) -> dict[str, Any] | None:
    """This will give the open complaints of the scope whose end is near or has passed."""
    on = clock.today()
    rows = queries.nearing_limit(scope=scope_of(staff_of(request)), on=on)
    return {
        "count": rows.count(),
        "near_days": rules.NEAR_DAYS,
        "rows": [
            {"complaint": row, "clock": rules.clock_on(row.due_date, on)} for row in rows[:_FIRST]
        ],
    }
