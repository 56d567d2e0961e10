"""Pages of campaigns and their versions."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.eligibility import queries as runs
from campaigns.planning import operations, queries
from campaigns.planning.forms import LIFT, STOP, StopForm
from campaigns.planning.models import Campaign, CampaignVersion
from campaigns.planning.rules import control, plans, wording
from campaigns.submission import queries as submissions
from journeys.outreach import queries as outbox
from portal.audit import queries as audit
from portal.kit import clock
from portal.kit.tables import page_of
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission


@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
def campaign_list(request: HttpRequest) -> HttpResponse:
    """This will list the campaigns."""
    page = page_of(request, queries.campaigns())
    may_edit = staff_of(request).may(Permission.EDIT_CAMPAIGNS)
    latest = [one for row in page.rows for one in row.latest]
    waiting = submissions.waiting_of(latest, on=clock.today())
    lines = [(row, [(one, waiting.get(one.pk)) for one in row.latest]) for row in page.rows]
    context = {"page": page, "lines": lines, "may_edit": may_edit}
    return render(request, "campaigns/planning/list.html", context)


def _campaign(code: str) -> Campaign:
    campaign = queries.find_campaign(code)
    if campaign is None:
        raise Http404
    return campaign


def _version(version_id: int) -> CampaignVersion:
    try:
        return queries.version(version_id)
    except CampaignVersion.DoesNotExist as missing:
        raise Http404 from missing


@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
def campaign_page(request: HttpRequest, code: str) -> HttpResponse:
    """This will show a campaign as its latest version plans it."""
    campaign = _campaign(code)
    shown = queries.latest_version(campaign)
    return render(request, "campaigns/planning/page.html", _page_context(request, campaign, shown))


@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
def campaign_version(request: HttpRequest, version_id: int) -> HttpResponse:
    """This will show a campaign as one of its versions plans it."""
    shown = _version(version_id)
    context = _page_context(request, shown.campaign, shown)
    return render(request, "campaigns/planning/page.html", context)


@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
def campaign_disclosure(request: HttpRequest, version_id: int) -> HttpResponse:
    """This will show what customers read of a version, to be printed: the reader's language first,
    then the other."""
    shown = _version(version_id)
    written = queries.written(plans.plan_of(shown.content))
    context = {"shown": shown, "campaign": shown.campaign, "written": written}
    return render(request, "campaigns/planning/disclosure.html", context)


def _word_of_the_stop(campaign: Campaign) -> Any:
    """The audit entry of who stopped a campaign that is stopped, and why; otherwise None."""
    if not campaign.is_stopped:
        return None
    return audit.latest(action="campaign.stopped", target=campaign)


def _page_context(
    request: HttpRequest, campaign: Campaign, shown: CampaignVersion | None
) -> dict[str, Any]:
    """What the page says: all of it made from the content that the machine runs."""
    person = staff_of(request)
    context: dict[str, Any] = {
        "campaign": campaign,
        "shown": shown,
        "versions": queries.versions_of(campaign),
        "may_edit": person.may(Permission.EDIT_CAMPAIGNS),
        "may_run": person.may(Permission.RUN_CAMPAIGNS),
        "may_stop": person.may(Permission.STOP_CAMPAIGNS),
        "may_see_warnings": person.may(Permission.VIEW_WARNINGS),
        "stopped": _word_of_the_stop(campaign),
        "to_cancel": _to_cancel(campaign),
    }
    last = queries.last_approved(campaign)
    context |= {"last_approved": last, "has_approved": last is not None and last.is_approved}
    if shown is None:
        return context
    plan = plans.plan_of(shown.content)
    names = queries.names_of(plan)
    context |= {
        "audience": wording.audience(plan, names),
        "period": wording.period(plan),
        "clause": wording.conditions(plan, names),
        "rewards": wording.rewards(plan, names),
        "messages_text": wording.messages(plan),
        "facts": wording.facts(plan, names),
        "draw": control.drawn(plan, campaign.control_by),
        "rivals": _rivals(plan),
    }
    context |= submissions.page_of(shown, on=clock.today())
    context["may_see_approvals"] = person.may(Permission.VIEW_APPROVALS)
    if last == shown and shown.is_approved and not campaign.is_stopped:
        broken = submissions.breaking(on=clock.today(), only=shown)
        context["breaks"] = [fault for one in broken for fault in one.faults]
    if shown.may_be_submitted:
        faults = queries.faults_of(shown, on=clock.today())
        context |= {"faults": faults, "has_blocks": any(fault.is_block for fault in faults)}
    return context


def _rivals(plan: plans.Plan) -> list[tuple[queries.Rival, Any]]:
    """The campaigns of the group, each with the day of its last live run."""
    found = queries.rivals_of(plan)
    last = runs.last_live_days({one.version.campaign_id for one in found})
    return [(one, last.get(one.version.campaign_id)) for one in found]


@require_http_methods(["GET", "POST"])
@requires(Permission.STOP_CAMPAIGNS)
def stop(request: HttpRequest, code: str) -> HttpResponse:
    """This will stop a campaign at once, or let a stopped one run again, with a reason."""
    campaign = _campaign(code)
    form = StopForm(request.POST or None, initial={"way": LIFT if campaign.is_stopped else STOP})
    if request.method == "POST" and form.is_valid():
        ways = {STOP: operations.stop_campaign, LIFT: operations.lift_stop}
        try:
            ways[form.cleaned_data["way"]](
                campaign_id=campaign.pk,
                reason=form.cleaned_data["reason"],
                actor=staff_of(request),
                at=clock.now(),
            )
        except operations.StopNotChanged as unchanged:
            messages.warning(request, str(unchanged))
        except operations.WouldOverlap as refused:
            messages.error(request, str(refused))
        return redirect("campaign_page", code)
    context = {"campaign": campaign, "form": form, "to_cancel": _to_cancel(campaign)}
    if not campaign.is_stopped:
        context |= {"going": runs.going_live_run(campaign.pk), "waiting": _waiting(campaign)}
    return render(request, "campaigns/planning/stop.html", context)


def _to_cancel(campaign: Campaign) -> int:
    """How many messages of a campaign that was stopped are still to be cancelled."""
    if not campaign.is_stopped or not outbox.being_called_off(queries.origins_of(campaign)):
        return 0
    return _waiting(campaign)


def _waiting(campaign: Campaign) -> int:
    """How many messages of a campaign were not handed over yet: a stop cancels them."""
    return outbox.count_open(origins=queries.origins_of(campaign))
