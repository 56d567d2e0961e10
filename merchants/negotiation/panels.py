"""The home panel of negotiations: reminders that wait for the person, and contracts that end; and
what a second person is told of terms."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merchants.negotiation import queries
from merchants.partnerships.access import may_lead
from portal.kit import clock
from portal.kit.ends import Ends, ends_of
from portal.kit.todo import Todo
from portal.staff.access import scope_of, staff_of
from portal.staff.enums import Role

_FIRST, _DAYS, _BACK = 5, 90, 365


def my_negotiations(request: HttpRequest) -> dict[str, Any] | None:
    """This will give a relationship manager the own reminders, contracts that end within ninety
    days or ended and are not followed, and the number of talks, and a branch manager those of the
    branches."""
    staff, on = staff_of(request), clock.today()
    if staff.role not in {Role.RELATIONSHIP_MANAGER, Role.BRANCH_MANAGER}:
        return None
    scope = scope_of(staff)
    endings = queries.endings_within(scope=scope, on=on, days=_DAYS, back=_BACK, is_own=True)
    reminders = queries.reminders_within(scope=scope)
    own = "mine" if scope.own_staff_id is not None else ""
    return {
        "todo": [*_to_remember(ends_of(reminders, on)), *_to_renew(endings, on)],
        "reminders": [
            {"row": row, "is_late": row.due_date < on, "may_lead": may_lead(staff, row.partnership)}
            for row in reminders[:_FIRST]
        ],
        "endings": [
            {"ending": one, "days": one.days_left(on), "ago": -one.days_left(on)}
            for one in endings[:_FIRST]
        ],
        "count": len(endings),
        "days_ahead": _DAYS,
        "talks": queries.list_negotiations(scope=scope, whose=own).count(),
        "whose": own,
    }


def _to_remember(ends: Ends) -> list[Todo]:
    url = reverse("renewal_calendar")
    return [
        Todo(
            label=_("Follow the overdue reminders of negotiations"),
            brief=ngettext("{count} reminder overdue", "{count} reminders overdue", ends.late),
            count=ends.late,
            url=url,
            due=ends.late_since,
            is_late=True,
        ),
        Todo(
            label=_("Go on with the negotiations of which there is a reminder"),
            brief=ngettext("{count} reminder of talks", "{count} reminders of talks", ends.near),
            count=ends.near,
            url=url,
            due=ends.next_due,
        ),
    ]


def _to_renew(endings: Sequence[queries.Ending], on: dt.date) -> list[Todo]:
    url = reverse("renewal_calendar")
    ended = [one.last_date for one in endings if one.days_left(on) < 0]
    ahead = [one.last_date for one in endings if one.days_left(on) >= 0]
    return [
        Todo(
            label=_("Renew the contracts that ended, or end the partnership"),
            brief=ngettext("{count} contract ended", "{count} contracts ended", len(ended)),
            count=len(ended),
            url=url,
            due=min(ended, default=None),
            is_late=True,
        ),
        Todo(
            label=_("Begin to renew the contracts that end soon"),
            brief=ngettext("{count} contract ends soon", "{count} contracts end soon", len(ahead)),
            count=len(ahead),
            url=url,
            due=min(ahead, default=None),
        ),
    ]


def why_asked(request: HttpRequest, key: str, _snapshot: dict[str, Any]) -> dict[str, Any] | None:
    """This will say to whoever allows agreed terms beyond which limits they are; nothing once they
    no longer wait."""
    scope = scope_of(staff_of(request))
    row = queries.one_negotiation(scope=scope, negotiation_id=int(key))
    if row is None or queries.request_of(row) is None:
        return None
    try:
        asks = queries.facts_of(row, on=clock.today()).beyond
    except queries.NoRule:
        return None
    return {"asks": asks} if asks else None
