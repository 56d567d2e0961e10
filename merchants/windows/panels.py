"""The home panel of meetings that come."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merchants.windows import queries
from portal.kit import clock
from portal.kit.ends import Ends, ends_of
from portal.kit.todo import Todo
from portal.staff.access import scope_of, staff_of
from portal.staff.enums import Role

_FIRST = 5
_AHEAD = dt.timedelta(days=14)


def coming_meetings(request: HttpRequest) -> dict[str, Any] | None:
    """This will give a relationship manager the own meetings of the next two weeks, and a branch
    manager those of the branches; those whose day has passed come first."""
    staff, on = staff_of(request), clock.today()
    if staff.role not in {Role.RELATIONSHIP_MANAGER, Role.BRANCH_MANAGER}:
        return None
    coming = queries.coming_within(scope=scope_of(staff), before=on + _AHEAD)
    today = coming.filter(on_date__lte=on)
    rows = list(coming[:_FIRST])
    hidden = queries.hidden_counts(partnership_ids=[row.partnership_id for row in rows])
    return {
        "todo": _to_meet(ends_of(today, on, field="on_date")),
        "meetings": [
            {
                "meeting": row,
                "is_past": row.on_date < on,
                "hidden": hidden.get(row.partnership_id, 0),
            }
            for row in rows
        ],
    }


def _to_meet(ends: Ends) -> list[Todo]:
    url = reverse("meeting_list")
    return [
        Todo(
            label=_("Write down what came of the meetings"),
            brief=ngettext(
                "{count} meeting without its result",
                "{count} meetings without their result",
                ends.late,
            ),
            count=ends.late,
            url=url,
            due=ends.late_since,
            is_late=True,
        ),
        Todo(
            label=_("Go to the meetings of today"),
            brief=ngettext("{count} meeting today", "{count} meetings today", ends.near),
            count=ends.near,
            url=url,
            due=ends.next_due,
        ),
    ]
