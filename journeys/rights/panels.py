"""The home panel of requests about data: what nears its limit, and what the source contradicts."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys.rights import queries
from journeys.rights.rules import deadlines
from portal.kit import clock
from portal.kit.ends import Ends, ends_of
from portal.kit.todo import Todo
from portal.staff.access import scope_of, staff_of

_FIRST = 5


def requests_near(request: HttpRequest) -> dict[str, Any] | None:
    """This will give the running requests of the scope whose end is near or has passed, and how
    many corrections a file of the source would undo."""
    on, scope = clock.today(), scope_of(staff_of(request))
    rows = queries.nearing_limit(scope=scope, on=on)
    ends, contradicted = ends_of(rows, on), queries.contradicted(scope=scope).count()
    return {
        "todo": _to_do(ends, contradicted),
        "count": ends.late + ends.near,
        "near_days": deadlines.NEAR_DAYS,
        "contradicted": contradicted,
        "rows": [
            {"request": row, "clock": deadlines.clock_on(row.due_date, on)} for row in rows[:_FIRST]
        ],
    }


def _to_do(ends: Ends, contradicted: int) -> list[Todo]:
    url = reverse("rights_list")
    return [
        Todo(
            label=_("Answer the requests about data that are overdue"),
            brief=ngettext(
                "{count} request about data overdue", "{count} requests about data overdue",
                ends.late,
            ),
            count=ends.late,
            url=url,
            due=ends.late_since,
            is_late=True,
        ),
        Todo(
            label=_("Answer the requests about data whose limit is near"),
            brief=ngettext(
                "{count} request about data near its limit",
                "{count} requests about data near their limit",
                ends.near,
            ),
            count=ends.near,
            url=url,
            due=ends.next_due,
        ),
        Todo(
            label=_("Have the source corrected: its file contradicts what was corrected here"),
            brief=ngettext(
                "{count} correction contradicted by a file",
                "{count} corrections contradicted by a file",
                contradicted,
            ),
            count=contradicted,
            url=url,
        ),
    ]  # fmt: skip
