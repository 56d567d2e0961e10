"""The home panel of partnerships: suggestions and tasks that wait for the person; and what a second
person is told of a move."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merchants.partnerships import queries
from portal.kit import clock
from portal.kit.ends import Ends, ends_of
from portal.kit.todo import Todo
from portal.staff.access import scope_of, staff_of
from portal.staff.enums import Role

_FIRST = 5


def my_partnerships(request: HttpRequest) -> dict[str, Any] | None:
    """This will give a relationship manager the own tasks that are due or overdue and the open
    suggestions, and a branch manager those of the branches."""
    staff, on = staff_of(request), clock.today()
    if staff.role not in {Role.RELATIONSHIP_MANAGER, Role.BRANCH_MANAGER}:
        return None
    scope = scope_of(staff)
    due = queries.tasks_within(scope=scope, before=on + dt.timedelta(days=1))
    ends, rows = ends_of(due, on), list(due[:_FIRST])
    suggestions = queries.suggestions_within(scope=scope)
    found = list(suggestions[: _FIRST + 1])
    count = len(found) if len(found) <= _FIRST else suggestions.count()
    return {
        "todo": _to_do(ends, count),
        "late": ends.late,
        "tasks": [{"task": task, "is_late": task.due_date < on} for task in rows],
        "suggestions": found[:_FIRST],
    }


def _to_do(ends: Ends, suggestions: int) -> list[Todo]:
    url = reverse("partnership_mine")
    return [
        Todo(
            label=_("Do the overdue tasks of partnerships, or have them done"),
            brief=ngettext(
                "{count} partnership task overdue", "{count} partnership tasks overdue", ends.late
            ),
            count=ends.late,
            url=url,
            due=ends.late_since,
            is_late=True,
        ),
        Todo(
            label=_("Do the tasks of partnerships that are due today"),
            brief=ngettext(
                "{count} partnership task due", "{count} partnership tasks due", ends.near
            ),
            count=ends.near,
            url=url,
            due=ends.next_due,
        ),
        Todo(
            label=_("Answer the suggestions to move partnerships"),
            brief=ngettext(
                "{count} suggestion to answer", "{count} suggestions to answer", suggestions
            ),
            count=suggestions,
            url=url,
        ),
    ]


def why_asked(request: HttpRequest, key: str, _snapshot: dict[str, Any]) -> dict[str, Any] | None:
    """This will say to whoever allows a move why it needs a second person; nothing once it no
    longer waits."""
    on = clock.today()
    row = queries.one_partnership(scope=scope_of(staff_of(request)), partnership_id=int(key))
    waiting = queries.request_of(row) if row else None
    if row is None or waiting is None:
        return None
    known = queries.evidence_of(partnerships=[row], on=on)[row.pk]
    try:
        verdict = queries.judged(row, evidence=known, on=on).get(waiting.to_phase)
    except queries.NoRule:
        return None
    return {"asks": verdict.asks} if verdict and verdict.asks else None
