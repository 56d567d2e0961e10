"""The manager's view of the people at work; its parts refresh themselves."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from journeys.telemarketing import queries, rules
from portal.kit import clock, parts
from portal.staff import queries as staff
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_HOUR = dt.timedelta(hours=1)


@requires(Permission.ASSIGN_LEADS)
def lead_watch(request: HttpRequest) -> HttpResponse:
    """This will show who of the scope is on what, what was promised, and how the pools stand; the
    parts that cost more come after the page."""
    return render(request, "journeys/telemarketing/lead_watch.html", _people(request))


@requires(Permission.ASSIGN_LEADS)
@parts.part_of("lead_watch")
def watch_people(request: HttpRequest) -> HttpResponse:
    """This will give the people and the promises alone, for the page that asks again and again."""
    return render(request, "journeys/telemarketing/_watch_people.html", _people(request))


def _people(request: HttpRequest) -> dict[str, Any]:
    manager, at = staff_of(request), clock.now()
    scope = scope_of(manager)
    rows = queries.people_now(queries.callers_of(scope), at=at)
    hours = sorted({hour for row in rows for hour in row.hours})
    return {
        "at": at,
        "rows": [(row, [row.hours.get(hour, 0) for hour in hours]) for row in rows],
        "hours": hours,
        "by_hour": [sum(row.hours.get(hour, 0) for row in rows) for hour in hours],
        "calls": sum(row.calls for row in rows),
        "promises": queries.promises_of_day(scope=scope, at=at),
        "most": queries.MOST_PROMISES,
    }


@requires(Permission.ASSIGN_LEADS)
@parts.part_of("lead_watch")
def watch_queue(request: HttpRequest) -> HttpResponse:
    """This will give how the pools of the scope stand."""
    manager, at = staff_of(request), clock.now()
    branch_ids = [row.pk for row in staff.branches_below(manager.branch.path)]
    ids = [one.pk for one in queries.callers_of(scope_of(manager))]
    waiting = queries.waiting(branch_ids, at=at)
    since = at - _HOUR
    calls = queries.calls_within(ids, since=since, at=at)
    ages = _ages()
    lines = [list(zip(ages, cells, strict=True)) for cells in waiting.cells]
    context = {
        "at": at,
        "waiting": waiting,
        "lines": list(zip(_priorities(), lines, strict=True)),
        "ages": ages,
        "head": queries.head_of(branch_ids, at=at),
        "back": queries.went_back(branch_ids, at=at),
        "pace": rules.Pace(waiting.total - waiting.used_up, calls),
        "fewest": rules.FEWEST_CALLS,
    }
    return render(request, "journeys/telemarketing/_watch_queue.html", context)


def _priorities() -> list[str]:
    ends = [100, *(one - 1 for one in queries.PRIORITIES[:-1])]
    return [f"{low}–{high}" for low, high in zip(queries.PRIORITIES, ends, strict=True)]


def _ages() -> list[str]:
    day, week, month = queries.AGES
    return [
        _("Younger than {count} day").format(count=day),
        _("{low} to {high} days").format(low=day, high=week),
        _("{low} to {high} days").format(low=week, high=month),
        _("Older than {count} days").format(count=month),
    ]


@requires(Permission.ASSIGN_LEADS)
@parts.part_of("lead_watch")
def watch_results(request: HttpRequest) -> HttpResponse:
    """This will give what came of the calls of each person."""
    people = queries.callers_of(scope_of(staff_of(request)))
    context = {
        "rows": queries.won_of_called(people, at=clock.now()),
        "days": queries.CONVERSION_DAYS,
        "fewest": queries.FEWEST_LEADS,
    }
    return render(request, "journeys/telemarketing/_watch_results.html", context)
