"""The rota: a week of posts and seats as a grid."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from merchants.posts.enums import ShiftState
from merchants.posts.models import Post, Shift
from merchants.posts.queries.places import list_posts
from merchants.posts.queries.shifts import unfit
from merchants.posts.rules import Day, stands_on
from portal.kit import clock
from portal.kit.registry import registry
from portal.staff import queries as staff
from portal.staff.access import Scope

_WEEK = 7
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
    """This will count the posts of a scope that stand on a day, are not over by `at`, and for whose
    hours too few are planned."""
    [day] = days_from(on, 1)
    rows = list_posts(scope=scope, on=on).filter(first_date__lte=on)
    posts = [
        row for row in rows
        if stands_on(row.days, day.is_workday) and clock.at_time(on, row.closes) > at
    ]  # fmt: skip
    if not posts:
        return 0
    shifts = Shift.objects.filter(post__in=posts, on_date=on, state=ShiftState.PLANNED)
    by_post: dict[int, list[tuple[Shift, str]]] = {}
    for shift in shifts.order_by("id"):
        by_post.setdefault(shift.post_id, []).append((shift, ""))
    cells = [_cell(post, day, by_post.get(post.pk, [])) for post in posts]
    return sum(not cell.is_full for cell in cells)


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
