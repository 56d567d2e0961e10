"""The home panel of partnerships: suggestions and tasks that wait for the person; and what a second
person is told of a move."""

import datetime as dt
from typing import Any

from django.http import HttpRequest

from merchants.partnerships import queries
from portal.kit import clock
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
    late = queries.tasks_within(scope=scope, before=on)
    due = queries.tasks_within(scope=scope, before=on + dt.timedelta(days=1))
    rows = list(due[:_FIRST])
    suggestions = queries.suggestions_within(scope=scope)
    return {
        "late": late.count(),
        "tasks": [{"task": task, "is_late": task.due_date < on} for task in rows],
        "suggestions": list(suggestions[:_FIRST]),
    }


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
