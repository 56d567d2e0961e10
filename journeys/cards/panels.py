"""Home panels about issuing, and what applications and cards add to a customer's timeline."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys.cards import queries, rules
from journeys.cards.enums import ApplicationState, Clock
from journeys.cards.models import Application, Card
from portal.kit import charts, clock, timeline
from portal.kit.ends import Ends, ends_of
from portal.kit.todo import Todo
from portal.staff.access import Scope, scope_of, staff_of
from portal.staff.enums import Role

_DAYS = 30
_FIRST = 5


def issuing(request: HttpRequest) -> dict[str, Any] | None:
    """This will give a branch manager the cards issued by day, and the share of them that is
    activated."""
    staff = staff_of(request)
    if staff.role != Role.BRANCH_MANAGER:
        return None
    return _issued(scope_of(staff), clock.today())


def near_limit(request: HttpRequest) -> dict[str, Any] | None:
    """This will give a branch manager the applications without a card that near the limit of
    approval, or are over it."""
    staff = staff_of(request)
    if staff.role != Role.BRANCH_MANAGER:
        return None
    on = clock.today()
    scope, limits = scope_of(staff), queries.limits_on(on)
    waiting = queries.nearing_limit(scope=scope, on=on, limits=limits)
    last = on - dt.timedelta(days=limits.limit_days)  # filed on it, today is the last day
    ends = ends_of(waiting, last, field="filed_date")
    return {
        "todo": _to_hurry(ends, limits),
        "limit": limits.limit_days,
        "waiting": ends.late + ends.near,
        "applications": [
            {
                "application": application,
                "days": rules.days_waiting(application.filed_date, on),
                "is_over": limits.left(application.filed_date, on) < 0,
                "is_reached": scope.reaches(application.customer.branch),
            }
            for application in waiting[:_FIRST]
        ],
    }


def _to_hurry(ends: Ends, limits: rules.Limits) -> list[Todo]:
    limit, url = dt.timedelta(days=limits.limit_days), reverse("application_clock")
    over = ngettext(
        "{count} application over {limit} days", "{count} applications over {limit} days", ends.late
    ).replace("{limit}", str(limits.limit_days))
    near = ngettext(
        "{count} application past day {day}", "{count} applications past day {day}", ends.near
    ).replace("{day}", str(limits.limit_days - limits.near_days))
    return [
        Todo(
            label=_("Get the cards issued whose applications are over the limit"),
            brief=over,
            count=ends.late,
            url=f"{url}?clock={Clock.OVER}",
            due=ends.late_since and ends.late_since + limit,
            is_late=True,
        ),
        Todo(
            label=_("Get the applications decided before their limit"),
            brief=near,
            count=ends.near,
            url=f"{url}?clock={Clock.NEAR}",
            due=ends.next_due and ends.next_due + limit,
        ),
    ]


def _issued(scope: Scope, on: dt.date) -> dict[str, Any]:
    first = on - dt.timedelta(days=_DAYS - 1)
    found = queries.issued_by_day(scope=scope, first=first, end=on + dt.timedelta(days=1))
    days = [first + dt.timedelta(days=number) for number in range(_DAYS)]
    bars = [
        charts.Bar(
            f"{day:%m-%d}" if day.weekday() == 0 else "",
            found.get(day, (0, 0))[0],
            f"{day:%Y-%m-%d}: {found.get(day, (0, 0))[0]}",
        )
        for day in days
    ]
    issued = sum(row[0] for row in found.values())
    activated = sum(row[1] for row in found.values())
    return {
        "issued": issued,
        "activated_percent": round(activated / issued * 100) if issued else None,
        "chart": charts.bars_svg(bars, title=_("Cards issued by day")),
    }


# Steps of an application and of a card in their order, so that of one day the later stand later.
_FILED, _SUPPLEMENTED, _DECIDED, _CARD_ISSUED, _CARD_ACTIVATED, _CARD_USED, _CARD_CLOSED = range(7)
_TONES = {ApplicationState.APPROVED: "success", ApplicationState.REFUSED: "danger"}


def story(asked: timeline.Asked) -> list[timeline.Row]:
    """This will tell a customer's applications and cards, each step. They are few, and all read."""
    steps = [
        *(step for row in queries.applications_of(asked.customer_id) for step in _applied(row)),
        *(step for row in queries.cards_held(asked.customer_id) for step in _held(row)),
    ]
    return timeline.cut((row for row in steps if row is not None), asked)


def _step(
    part: int, row: Any, day: dt.date | None, title: str, tone: str = ""
) -> timeline.Row | None:
    if day is None:
        return None
    return timeline.Row(
        at=clock.start_of(day),
        id=timeline.part_of(part, row.pk),
        title=title,
        detail=f"{row.product.label} · {row}",
        tone=tone,
        has_time=False,
    )


def _applied(row: Application) -> list[timeline.Row | None]:
    state = ApplicationState(row.state)
    fast = _("Application filed, fast track") if row.is_fast_track else _("Application filed")
    ended = _("Application: {state}").format(state=state.label)
    return [
        _step(_FILED, row, row.filed_date, fast),
        _step(_SUPPLEMENTED, row, row.supplemented_date, _("Application: documents came in")),
        _step(_DECIDED, row, row.decided_date, ended, _TONES.get(state, "secondary")),
    ]


def _held(row: Card) -> list[timeline.Row | None]:
    return [
        _step(_CARD_ISSUED, row, row.issued_date, _("Card issued")),
        _step(_CARD_ACTIVATED, row, row.activated_date, _("Card activated")),
        _step(_CARD_USED, row, row.first_used_date, _("Card first used"), "success"),
        _step(_CARD_CLOSED, row, row.closed_date, _("Card closed"), "secondary"),
    ]
