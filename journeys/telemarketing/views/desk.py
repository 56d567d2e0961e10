"""The telemarketer's desk: the lead in hand, the own leads, and the pool."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journeys.telemarketing import operations, queries, rules
from journeys.telemarketing.enums import LeadState
from journeys.telemarketing.views import wrapping
from portal.intake import queries as intake
from portal.kit import clock, parts
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_MINE, _TAKEN = 100, 20  # shown of the own ones, and of what may be taken
_SCREEN = "call_screen"
_ENDS = {"won": LeadState.WON, "lost": LeadState.LOST}


@requires(Permission.WORK_LEADS)
def lead_desk(request: HttpRequest) -> HttpResponse:
    """This will show what the person has in hand, the own leads, and what may be taken from the
    pool."""
    staff, at = staff_of(request), clock.now()
    scope = scope_of(staff)
    policy = queries.policy_of(branch_id=staff.branch_id, on=clock.bank_day(at))
    after = rules.place_of(request.GET.get("after", ""))
    page = queries.pool_page(staff=staff, policy=policy, at=at, after=after, size=_TAKEN)
    if page.is_further and not page.rows:
        return redirect("lead_desk")
    context = {
        "policy": policy,
        "mine": list(queries.own_leads(scope=scope, staff_id=staff.pk, at=at)[:_MINE]),
        "page": page,
        **in_hand(request),
        "promises": queries.promises_of_day(scope=scope, at=at, staff_id=staff.pk),
        "kept": queries.kept_share(scope=scope, at=at, staff_id=staff.pk),
        "at": at,
    }
    return render(request, "journeys/telemarketing/lead_desk.html", context)


@requires(Permission.WORK_LEADS)
@parts.part_of("lead_desk")
def lead_in_hand(request: HttpRequest) -> HttpResponse:
    """This will give the lead in hand alone, for the desk that asks again and again; the call
    screen is loaded anew where nothing is in hand any more."""
    context = in_hand(request)
    answer = render(request, "journeys/telemarketing/_in_hand.html", context)
    if context["on_screen"] and context["hold"] is None:
        answer["HX-Refresh"] = "true"
    return answer


def in_hand(request: HttpRequest) -> dict[str, Any]:
    """This will gather what the part about the lead in hand shows, on the desk and on the call
    screen."""
    at = clock.now()
    hold = queries.hold_of(staff_id=staff_of(request).pk, at=at)
    reasons = queries.reason_words(hold.reasons) if hold else []
    until = hold.lead.held_until if hold else None
    return {
        "hold": hold,
        "on_screen": request.GET.get("on") == "screen",
        "has_telephone": hold is not None and intake.is_in_use(kind="telephone", at=at),
        "dial": queries.latest_dial(hold) if hold else None,
        "reasons": reasons,
        **wrapping.context_of(hold),
        # When the part is asked for again: just after the time is over.
        "seconds": int((until - at).total_seconds()) + 2 if until else 0,
    }


def _done(
    request: HttpRequest, work: Callable[[], object], told: str, back: str = "lead_desk"
) -> HttpResponse:
    """Do it and say so, or say what stands against it."""
    try:
        work()
    except operations.LeadRefused as refused:
        messages.warning(request, str(refused))
    else:
        if told:
            messages.success(request, told)
    return redirect(back)


@require_POST
@requires(Permission.WORK_LEADS)
def lead_next(request: HttpRequest) -> HttpResponse:
    """This will give the person the next lead."""
    staff = staff_of(request)
    return _done(request, lambda: operations.next_lead(caller=staff, at=clock.now()), "", _SCREEN)


@require_POST
@requires(Permission.WORK_LEADS)
def lead_put_down(request: HttpRequest) -> HttpResponse:
    """This will put down what the person has in hand; no call is counted."""
    staff_id = staff_of(request).pk
    return _done(
        request,
        lambda: operations.put_down(caller_id=staff_id, at=clock.now()),
        _("Put down. No call was counted."),
        _SCREEN,
    )


@require_POST
@requires(Permission.WORK_LEADS)
def lead_claim(request: HttpRequest, lead_id: int) -> HttpResponse:
    """This will make a lead of the pool the person's own."""
    staff, at = _sees(request, lead_id), clock.now()
    hold = queries.hold_of(staff_id=staff.pk, at=at)
    return _done(
        request,
        lambda: operations.claim_lead(lead_id=lead_id, actor=staff, at=at),
        _("The lead is yours now."),
        _SCREEN if hold and hold.lead_id == lead_id else "lead_desk",
    )


@require_POST
@requires(Permission.WORK_LEADS)
def lead_release(request: HttpRequest, lead_id: int) -> HttpResponse:
    """This will put one of the person's own leads back into the pool."""
    staff = _sees(request, lead_id)
    return _done(
        request,
        lambda: operations.release_lead(lead_id=lead_id, actor=staff, at=clock.now()),
        _("The lead is in the pool again."),
    )


@require_POST
@requires(Permission.WORK_LEADS)
def lead_end(request: HttpRequest, lead_id: int) -> HttpResponse:
    """This will end one of the person's own leads: its person applied, or it is closed."""
    staff, state = _sees(request, lead_id), _ENDS.get(request.POST.get("state", ""))
    if state is None:
        messages.warning(request, _("Say whether the person applied, or the lead is closed."))
        return redirect("lead_desk")
    return _done(
        request,
        lambda: operations.end_lead(lead_id=lead_id, state=state, actor=staff, at=clock.now()),
        _("The lead has ended."),
    )


def _sees(request: HttpRequest, lead_id: int) -> Any:
    """The person, who sees the lead."""
    staff = staff_of(request)
    if not queries.list_leads(scope=scope_of(staff), at=clock.now()).filter(pk=lead_id).exists():
        raise Http404
    return staff
