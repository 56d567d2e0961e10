"""The part of a page in which a call is wrapped up: outcome, next step, and the draft of both."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journeys.telemarketing import operations, queries
from journeys.telemarketing.enums import NextStep
from journeys.telemarketing.forms import WrapForm
from journeys.telemarketing.models import LeadHold
from portal.kit import clock
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission

_NO_MORE = 409  # there is nothing in hand (any more) that a draft could be of


def context_of(hold: LeadHold | None) -> dict[str, Any]:
    """This will give what `_wrap_up.html` shows of the lead in hand: the tree, and what was typed
    before."""
    if hold is None:
        return {}
    at = clock.now()
    typed = queries.draft_of(hold)
    promise = queries.usual_promise(hold.lead, at=at)
    usual = f"{clock.bank_time(promise):%Y-%m-%dT%H:%M}" if promise else ""
    initial = {**typed, "promised_at": typed.get("promised_at") or usual}
    wrap = WrapForm(initial=initial, auto_id="wrap-%s")
    return {
        "tree": queries.tree_for(hold, at=at),
        "steps": NextStep.choices,
        "wrap": wrap,
        "moods": [wrap["mood_before"], wrap["mood_move"], wrap["mood_after"]],
        "moves": queries.moves_by_mood(),
        "is_draft": bool(typed),
    }


@require_POST
@requires(Permission.WORK_LEADS)
def lead_wrap(request: HttpRequest) -> HttpResponse:
    """This will end the call of the lead in hand; where something is wrong, what was typed stays as
    a draft."""
    staff, at, form = staff_of(request), clock.now(), WrapForm(request.POST)
    if not form.is_valid():
        operations.save_draft(caller=staff, said=request.POST, at=at)
        messages.warning(request, form.faults)
        return redirect("call_screen")
    data = form.cleaned_data
    try:
        operations.wrap_up(
            caller=staff, at=at, disposition=data["disposition"], next_step=data["next_step"],
            promised_at=data["promised_at"], said=form.said,
        )  # fmt: skip
    except operations.LeadRefused as refused:
        operations.save_draft(caller=staff, said=request.POST, at=at)
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("The call is wrapped up, and the lead is put down."))
    return redirect("call_screen")


@require_POST
@requires(Permission.WORK_LEADS)
def lead_draft(request: HttpRequest) -> HttpResponse:
    """This will keep what has been typed so far."""
    kept = operations.save_draft(caller=staff_of(request), said=request.POST, at=clock.now())
    return HttpResponse(status=204 if kept else _NO_MORE)
