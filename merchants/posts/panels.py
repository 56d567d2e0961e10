"""Home panels of posts: who stands where today, and the person's own shift."""

import datetime as dt
from typing import Any

from django.http import HttpRequest

from merchants.posts import queries
from merchants.posts.enums import Standing
from portal.kit import clock
from portal.staff.access import scope_of, staff_of
from portal.staff.enums import Role

_FIRST, _WEEK = 8, dt.timedelta(days=8)
_PLANNERS = {Role.RELATIONSHIP_MANAGER, Role.BRANCH_MANAGER}


def posts_today(request: HttpRequest) -> dict[str, Any] | None:
    """This will tell those who plan posts who stands where today, and who is missing."""
    staff, at = staff_of(request), clock.now()
    if staff.role not in _PLANNERS:
        return None
    rows = [
        {"shift": one, "standing": one.standing(at)}
        for one in queries.on_day(scope=scope_of(staff), on=clock.bank_day(at))
    ]
    gaps = {Standing.DUE, Standing.MISSED}
    rows.sort(key=lambda row: row["standing"] not in gaps)
    return {
        "shifts": rows[:_FIRST],
        "more": max(0, len(rows) - _FIRST),
        "missing": sum(row["standing"] in gaps for row in rows),
    }


def my_shift(request: HttpRequest) -> dict[str, Any] | None:
    """This will tell a person the shift of today, or the next one within a week; None where there
    is none."""
    staff, at = staff_of(request), clock.now()
    on = clock.bank_day(at)
    shifts = queries.mine(staff=staff, first=on, end=on + _WEEK)
    ahead = [one for one in shifts if one.is_planned and one.ends_at > at]
    return {"shift": ahead[0], "is_today": ahead[0].on_date == on} if ahead else None
