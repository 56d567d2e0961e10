"""The panel of the home page: what waits for this person."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.approvals import queries
from portal.kit.todo import Todo
from portal.staff.access import scope_of, staff_of

_SHOWN = 5


def waiting(request: HttpRequest) -> dict[str, Any] | None:
    """This will return what waits for the person's decision, or None for whom nothing ever can."""
    staff = staff_of(request)
    if not queries.kinds_for(staff):
        return None
    waits = queries.waiting_for(staff, scope=scope_of(staff))
    found = list(waits[: _SHOWN + 1])
    count = len(found) if len(found) <= _SHOWN else waits.count()
    line = Todo(
        label=_("Decide about what others submitted"),
        brief=ngettext("{count} submission to decide", "{count} submissions to decide", count),
        count=count,
        url=reverse("approval_page", args=[found[0].pk])
        if count == 1
        else reverse("approval_list"),
    )
    return {"submissions": found[:_SHOWN], "has_more": len(found) > _SHOWN, "todo": [line]}
