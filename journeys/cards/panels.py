"""Home panels about issuing."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from journeys.cards import queries, rules
from portal.kit import charts, clock
from portal.staff.access import Scope, scope_of, staff_of
from portal.staff.enums import Role

_DAYS = 30
_FIRST = 5


def issuing(request: HttpRequest) -> dict[str, Any] | None:
    """This will give a branch manager the cards issued by day, the share of them that is
    activated, and the applications that near the limit of approval."""
    staff = staff_of(request)
    if staff.role != Role.BRANCH_MANAGER:
        return None
    on = clock.today()
    scope = scope_of(staff)
    waiting = queries.nearing_limit(scope=scope, on=on)
    return {
        **_issued(scope, on),
        "limit": rules.APPROVAL_DAYS,
        "waiting": waiting.count(),
        "applications": [
            {
                "application": application,
                "days": rules.days_waiting(application.filed_date, on),
                "is_over": rules.is_over_limit(application.filed_date, on),
            }
            for application in waiting[:_FIRST]
        ],
    }


def _issued(scope: Scope, on: dt.date) -> dict[str, Any]:
    first = on - dt.timedelta(days=_DAYS - 1)
    found = queries.issued_by_day(scope=scope, first=first, end=on + dt.timedelta(days=1))
    days = [first + dt.timedelta(days=number) for number in range(_DAYS)]
    bars = [
        charts.Bar(
            f"{day:%m-%d}" if day.weekday() == 0 else "",
            found.get(day, (0, 0))[0],
            f"{day:%Y-%m-%d}: {found.get(day, (0, 0))[0]}",
        )
        for day in days
    ]
    issued = sum(row[0] for row in found.values())
    activated = sum(row[1] for row in found.values())
    return {
        "issued": issued,
        "activated_percent": round(activated / issued * 100) if issued else None,
        "chart": charts.bars_svg(bars, title=_("Cards issued by day")),
    }
