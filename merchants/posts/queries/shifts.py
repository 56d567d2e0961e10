"""Shifts: a person's, a day's, a post's."""

import datetime as dt
from collections.abc import Sequence

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from merchants.posts.enums import Counted, ShiftState
from merchants.posts.models import Attendance, Post, PostRule, Shift
from merchants.posts.queries.places import visible
from portal.staff.access import Scope
from portal.staff.models import Staff

_RELATED = ("post__store__merchant", "post__branch", "staff", "attendance")
# Each rule that stands against a planned shift by now, as the trigger would say it.
_UNFIT = """
    SELECT s.id, merchants_shift_planned_refusal(
        s.post_id, s.staff_id, s.seat, s.on_date, s.starts_at, s.ends_at)
    FROM merchants_shift s WHERE s.id = ANY (%s)
"""


def shifts_between(*, starts: dt.datetime, ends: dt.datetime) -> QuerySet[Shift]:
    """This will list the planned shifts that overlap a span, the earliest first."""
    rows = Shift.objects.filter(state=ShiftState.PLANNED, starts_at__lt=ends, ends_at__gt=starts)
    return rows.select_related(*_RELATED).order_by("starts_at", "id")


def free_seat(*, post: Post, starts: dt.datetime, ends: dt.datetime) -> int:
    """This will return the first seat of a post that is free for a span; the last one where none
    is."""
    rows = shifts_between(starts=starts, ends=ends).filter(post=post)
    taken = set(rows.values_list("seat", flat=True))
    return next((seat for seat in range(1, post.seats + 1) if seat not in taken), post.seats)


def one_shift(*, scope: Scope, shift_id: int) -> Shift | None:
    """This will return a shift at a post of the scope, or one of the person's own; else None."""
    seen = visible(scope, "post__")
    if scope.own_staff_id is not None:
        seen |= Q(staff=scope.own_staff_id)
    related = (*_RELATED, "planned_by", "cancelled_by")
    return Shift.objects.filter(seen, pk=shift_id).select_related(*related).first()


def mine(*, staff: Staff, first: dt.date, end: dt.date) -> list[Shift]:
    """This will list a person's shifts from a day to before another, the earliest first, those that
    were cancelled too."""
    rows = Shift.objects.filter(staff=staff, on_date__gte=first, on_date__lt=end)
    return list(rows.select_related(*_RELATED).order_by("starts_at", "id"))


def on_day(*, scope: Scope, on: dt.date) -> QuerySet[Shift]:
    """This will list the planned shifts of a day at the posts of a scope, by their beginning."""
    rows = Shift.objects.filter(visible(scope, "post__"), on_date=on, state=ShiftState.PLANNED)
    return rows.select_related(*_RELATED).order_by("starts_at", "post_id", "seat")


def within(*, scope: Scope, first: dt.date, end: dt.date, branch: str = "") -> QuerySet[Shift]:
    """This will list the shifts at the posts of a scope, or of one branch of it, from a day to
    before another, those that were cancelled too, by their beginning."""
    rows = Shift.objects.filter(visible(scope, "post__"), on_date__gte=first, on_date__lt=end)
    if branch:
        rows = rows.filter(post__branch__code=branch)
    return rows.select_related(*_RELATED).order_by("starts_at", "id")


def shifts_of_post(*, post: Post, first: dt.date, end: dt.date) -> list[Shift]:
    """This will list the shifts of a post from a day to before another, the earliest first."""
    rows = post.shifts.filter(on_date__gte=first, on_date__lt=end)
    return list(rows.select_related(*_RELATED).order_by("starts_at", "seat", "id"))


def totals_of(shift: Shift) -> tuple[dict[str, int], int]:
    """This will return what was counted at a shift, by kind, and the number of the last step."""
    rows = shift.counts.order_by().values("kind").annotate(total=Sum("step"))
    found = {row["kind"]: row["total"] for row in rows}
    last = shift.counts.order_by("-number").values_list("number", flat=True).first() or 0
    return {kind: found.get(kind, 0) for kind in Counted.values}, last


def unfit(shifts: Sequence[Shift], at: dt.datetime) -> dict[int, str]:
    """This will tell which planned shifts ahead could not stand as things are by now, each with the
    name of the rule: a qualification was withdrawn, a store closed, a person left, the calendar
    says otherwise of the day."""
    ids = [row.pk for row in shifts if row.is_planned and row.ends_at > at and row.came is None]
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_UNFIT, [ids])
        return {key: rule for key, rule in cursor.fetchall() if rule is not None}


def forgotten(*, at: dt.datetime) -> list[int]:
    """This will list the shifts whose check-out is overdue by more than the rule in force on their
    day allows."""
    rows = Attendance.objects.filter(out_at=None, shift__ends_at__lt=at)
    rows = rows.select_related("shift").order_by("pk")
    rules = list(PostRule.objects.order_by("effective_date"))
    return [row.pk for row in rows if _is_over(row, rules, at)]


def _is_over(row: Attendance, rules: Sequence[PostRule], at: dt.datetime) -> bool:
    known = [rule for rule in rules if rule.effective_date <= row.shift.on_date]
    minutes = known[-1].close_minutes if known else 0
    return row.shift.ends_at + dt.timedelta(minutes=minutes) <= at
