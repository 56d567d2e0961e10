"""The call screen: all that a caller needs of the lead in hand, on one page, worked by keys."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from journeys.telemarketing import operations, queries
from journeys.telemarketing.views.desk import in_hand
from journeys.telemarketing.views.scripts import said_at_first
from portal.kit import clock, parts, revealing
from portal.kit.registry import registry
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission


@requires(Permission.WORK_LEADS)
def call_screen(request: HttpRequest) -> HttpResponse:
    """This will show the lead in hand with its reasons, its history, what was agreed to and what
    the gate says, what speaks for interest, and what the own cards have against others; without one
    in hand, the button for the next."""
    context: dict[str, Any] = {**in_hand(request), "on_screen": True}
    hold, at = context["hold"], clock.now()
    if hold is not None:
        context |= {
            "past": queries.past_of(hold.lead, at=at),
            "agreed": queries.agreed_of(hold.lead, at=at),
            "triggers": queries.triggers_of(hold.lead, at=at),
            "parts": _parts(request),
            **said_at_first(hold, mood=context["wrap"].initial.get("mood_before", "")),
            **_packaging(),
        }
    return render(request, "journeys/telemarketing/call_screen.html", context)


def _parts(request: HttpRequest) -> list[str]:
    """The addresses of what higher apps show there."""
    staff = staff_of(request)
    return [reverse(one.url_name) for one in registry.call_parts if staff.may(one.permission)]


def _packaging() -> dict[str, Any]:
    """The facts that may be told, and after how many seconds the first of them is gone."""
    at = clock.now()
    found = queries.packaging(at=at)
    ends = min((one.first_end for one in found), default=None)
    # Longer than a day is past every hold: the page is loaded anew before.
    left = (ends - at).total_seconds() if ends else 0
    return {"packaging": found, "facts_seconds": int(left) + 1 if 0 < left < 86_400 else 0}


@requires(Permission.WORK_LEADS)
@parts.part_of("call_screen")
def call_facts(request: HttpRequest) -> HttpResponse:
    """This will show the facts about the own cards as they stand at this minute, as a part of the
    screen."""
    return render(request, "journeys/telemarketing/_packaging.html", _packaging())


@never_cache
@require_POST
@requires(Permission.WORK_LEADS)
def call_number(request: HttpRequest) -> HttpResponse:
    """This will show the number of the lead in hand to dial it: the only answer that holds it,
    counted and recorded before, and never kept by a browser or a proxy."""
    try:
        dialled = operations.show_number(caller=staff_of(request), at=clock.now())
    except operations.LeadRefused as refused:
        told = {"refusal": str(refused)}
        return render(request, "journeys/telemarketing/_number.html", told, status=409)
    context = {
        "number": dialled.number,
        "shown": dialled.dial.hold.lead.phone_masked,
        "used": dialled.dial.number_of_day,
        "allowed": dialled.dial.allowed,
        "seconds": revealing.SHOWN_SECONDS,
    }
    return render(request, "journeys/telemarketing/_number.html", context)


@require_POST
@requires(Permission.WORK_LEADS)
def call_dial(request: HttpRequest) -> HttpResponse:
    """This will have the telephone system dial the lead in hand."""
    try:
        operations.ask_to_dial(caller=staff_of(request), at=clock.now())
    except operations.LeadRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(
            request, _("The telephone system is asked to dial; it takes this up within a minute.")
        )
    return redirect("call_screen")
