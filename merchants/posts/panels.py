"""Home panels of posts: who stands where today, and the person's own shift."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merchants.posts import queries
from merchants.posts.enums import Standing
from merchants.posts.models import Shift
from portal.kit import clock
from portal.kit.todo import Todo
from portal.staff.access import scope_of, staff_of
from portal.staff.enums import Role

_FIRST, _WEEK = 8, dt.timedelta(days=8)
_PLANNERS = {Role.RELATIONSHIP_MANAGER, Role.BRANCH_MANAGER}


def posts_today(request: HttpRequest) -> dict[str, Any] | None:
    """This will tell those who plan posts who stands where today, and who is missing."""
    staff, at = staff_of(request), clock.now()
    if staff.role not in _PLANNERS:
        return None
    on, scope = clock.bank_day(at), scope_of(staff)
    rows: list[dict[str, Any]] = [
        {"shift": one, "standing": one.standing(at)} for one in queries.on_day(scope=scope, on=on)
    ]
    gaps = {Standing.DUE, Standing.MISSED}
    rows.sort(key=lambda row: row["standing"] not in gaps)
    mine = set(queries.posts_planned_by(scope=scope, shifts=[row["shift"] for row in rows]))
    absent = [
        row["shift"] for row in rows if row["standing"] in gaps and row["shift"].post_id in mine
    ]
    return {
        "todo": [
            _not_there(absent),
            _not_filled(queries.unfilled_on(scope=scope, on=on, at=at), on),
        ],
        "shifts": rows[:_FIRST],
        "more": max(0, len(rows) - _FIRST),
        "missing": len(absent),
    }


def _not_there(absent: list[Shift]) -> Todo:
    count = len(absent)
    return Todo(
        label=_("Call those who have not checked in at their post"),
        brief=ngettext("{count} shift not checked in", "{count} shifts not checked in", count),
        count=count,
        url=reverse("shift_page", args=[absent[0].pk]) if count == 1 else reverse("post_rota"),
        due=min((one.starts_at for one in absent), default=None),
        is_late=True,
    )


def _not_filled(count: int, on: dt.date) -> Todo:
    return Todo(
        label=_("Plan somebody for the posts that are not filled today"),
        brief=ngettext("{count} post not filled", "{count} posts not filled", count),
        count=count,
        url=reverse("post_rota"),
        due=on,
    )


def my_shift(request: HttpRequest) -> dict[str, Any] | None:
    """This will tell a person the shift of today, or the next one within a week; None where there
    is none."""
    staff, at = staff_of(request), clock.now()
    on = clock.bank_day(at)
    shifts = queries.mine(staff=staff, first=on, end=on + _WEEK)
    ahead = [one for one in shifts if one.is_planned and one.ends_at > at]
    if not ahead:
        return None
    shift, is_today = ahead[0], ahead[0].on_date == on
    line = Todo(
        label=_("Stand at your post: {post}").format(post=shift.post.label),
        brief=_("your shift at {time}").replace("{time}", shift.hours),
        count=int(is_today and shift.came is None),
        url=reverse("post_mine"),
        due=shift.starts_at,
    )
    return {"shift": shift, "is_today": is_today, "todo": [line]}
