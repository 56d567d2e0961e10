"""The rota: a week of posts and seats as a grid."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from merchants.posts.enums import ShiftState
from merchants.posts.models import Post, Shift
from merchants.posts.queries.places import list_posts, may_stand, planned_by
from merchants.posts.queries.shifts import unfit
from merchants.posts.rules import Day, stands_on
from portal.kit import clock
from portal.kit.registry import registry
from portal.staff import queries as staff
from portal.staff.access import Scope

_WEEK = 7
_LET_IN = {"shift_no_workday", "shift_no_rest_day"}
MOST_POSTS = 60


@dataclass(frozen=True)
class Cell:
    """A day of a post: its shifts in order, each with the rule that stands against it by now (""
    for none), and whether it stands on that day at all."""

    day: Day
    shifts: Sequence[tuple[Shift, str]]
    stands: bool
    is_full: bool


@dataclass(frozen=True)
class Row:
    post: Post
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Week:
    """A week from Monday on; `more` is how many posts were left out of it."""

    days: Sequence[Day]
    rows: Sequence[Row]
    more: int


def days_from(first: dt.date, count: int) -> list[Day]:
    """This will tell of days whether they are worked on: by the bank's calendar or, where the house
    has none, by the weekday."""
    days = [first + dt.timedelta(days=number) for number in range(count)]
    known = registry.workdays(first, days[-1] + dt.timedelta(days=1)) if registry.workdays else {}
    return [Day(day, known.get(day, day.weekday() < 5)) for day in days]


def week_of(*, scope: Scope, monday: dt.date, at: dt.datetime, branch: str = "") -> Week:
    """This will return the rota of a week: the posts of a scope that stand on one of its days."""
    days = days_from(monday, _WEEK)
    last = days[-1].day
    rows = list_posts(scope=scope, on=monday, branch=branch).filter(first_date__lte=last)
    posts = list(rows[: MOST_POSTS + 1])
    more = rows.count() - MOST_POSTS if len(posts) > MOST_POSTS else 0
    posts = posts[:MOST_POSTS]
    shifts = list(
        Shift.objects.filter(
            post__in=posts, on_date__range=(monday, last), state=ShiftState.PLANNED
        )
        .select_related("staff", "attendance")
        .order_by("starts_at", "seat", "id")
    )
    against = unfit(shifts, at)
    by_cell: dict[tuple[int, dt.date], list[tuple[Shift, str]]] = {}
    for shift in shifts:
        found = by_cell.setdefault((shift.post_id, shift.on_date), [])
        found.append((shift, against.get(shift.pk, "")))
    return Week(
        days,
        [
            Row(post, [_cell(post, day, by_cell.get((post.pk, day.day), [])) for day in days])
            for post in posts
        ],
        more,
    )


def unfilled_on(*, scope: Scope, on: dt.date, at: dt.datetime) -> int:
    """This will count the posts for which somebody of this scope plans, that stand on a day where
    anybody may be planned, and for whose hours after `at` too few are planned who could come."""
    [day] = days_from(on, 1)
    rows = list_posts(scope=scope, on=on).filter(may_stand(on), planned_by(scope))
    posts = [row for row in rows.filter(first_date__lte=on) if stands_on(row.days, day.is_workday)]
    shifts = list(
        Shift.objects.filter(post__in=posts, on_date=on, state=ShiftState.PLANNED).order_by("id")
    )
    # Who checks in on a day that the calendar meant otherwise is let in all the same.
    against = {pk: rule for pk, rule in unfit(shifts, at).items() if rule not in _LET_IN}
    filled: dict[int, float] = {}
    for shift in shifts:
        if shift.pk not in against:
            left = _seconds_between(max(shift.starts_at, at), shift.ends_at)
            filled[shift.post_id] = filled.get(shift.post_id, 0) + left
    return sum(
        filled.get(post.pk, 0) < post.seats * _seconds_between(
            max(clock.at_time(on, post.opens), at), clock.at_time(on, post.closes)
        )
        for post in posts
    )  # fmt: skip


def posts_planned_by(*, scope: Scope, shifts: Sequence[Shift]) -> list[int]:
    """This will list, of the posts of these shifts, the ids of those for which somebody of this
    scope plans."""
    rows = Post.objects.filter(planned_by(scope), pk__in={shift.post_id for shift in shifts})
    return list(rows.values_list("pk", flat=True))


def _seconds_between(first: dt.datetime, end: dt.datetime) -> float:
    return max((end - first).total_seconds(), 0)


def _cell(post: Post, day: Day, shifts: Sequence[tuple[Shift, str]]) -> Cell:
    within = post.first_date <= day.day <= post.last_date
    needed = (_seconds(post.closes) - _seconds(post.opens)) * post.seats
    planned = sum((shift.ends_at - shift.starts_at).total_seconds() for shift, _rule in shifts)
    return Cell(day, shifts, within and stands_on(post.days, day.is_workday), planned >= needed)


def _seconds(time: dt.time) -> int:
    return (time.hour * 60 + time.minute) * 60 + time.second


def branches_for(*, scope: Scope) -> list[tuple[str, str]]:
    """This will list the branches that have posts within a scope, by their place in the tree: code
    and name."""
    ids = set(Post.objects.filter(scope.branches()).values_list("branch", flat=True))
    found = staff.branches_below(scope.branch_path)
    return [(one.code, one.label) for one in found if one.pk in ids]
