"""Pages of runs and decisions."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.benefits import queries as benefits
from campaigns.eligibility import operations, panels, queries
from campaigns.eligibility.enums import RunKind
from campaigns.eligibility.forms import DecisionFilter, StartForm
from campaigns.eligibility.models import Decision, Run
from campaigns.planning import queries as planning
from campaigns.planning.rules import naming
from campaigns.rewards import queries as rewards
from journeys.customers import queries as customers
from journeys.outreach import queries as outreach
from journeys.telemarketing import queries as leads
from portal.kit import clock, money, parts
from portal.kit.tables import page_of
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
@parts.part_of("campaign_page", "code")
def campaign_runs(request: HttpRequest, code: str) -> HttpResponse:
    """This will show the runs of a campaign, as a part of its page."""
    page = page_of(request, queries.runs_of(code), size=20)
    return render(request, "campaigns/eligibility/_runs.html", {"page": page})


@require_http_methods(["GET", "POST"])
@requires(Permission.RUN_CAMPAIGNS)
def run_start(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """This will say what a run does, ask for its day, and start it."""
    campaign = planning.find_campaign(code)
    if campaign is None:
        raise Http404
    find = planning.approved_version if kind == RunKind.LIVE else planning.latest_version
    version = find(campaign)
    form = StartForm(
        request.POST or None,
        today=clock.today(),
        is_span=kind == RunKind.BACK_TEST,
        is_live=kind == RunKind.LIVE,
    )
    if request.method == "POST" and version is not None and form.is_valid():
        try:
            run = operations.start_run(
                version_id=version.pk,
                kind=kind,
                first=form.cleaned_data.get("first"),
                on=form.cleaned_data["on"],
                started_by=staff_of(request),
                at=clock.now(),
            )
            return redirect("run_page", run.pk)
        except operations.RunNotAllowed as refused:
            form.add_error(None, str(refused))
    context = {
        "campaign": campaign,
        "version": version,
        "is_live": kind == RunKind.LIVE,
        "kind": kind,
        "kind_label": RunKind(kind).label,
        "form": form,
    }
    return render(request, "campaigns/eligibility/start.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.RUN_CAMPAIGNS)
def evening_start(request: HttpRequest) -> HttpResponse:
    """This will show in which order the campaigns in force come, ask for the day, and start their
    live runs together."""
    form = StartForm(request.POST or None, today=clock.today(), is_live=True)
    refused: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        evening = operations.start_evening(
            on=form.cleaned_data["on"], started_by=staff_of(request), at=clock.now()
        )
        refused = evening.refused
        if evening.runs:
            text = _("Started: {count}. They are settled in this order: {names}.").format(
                count=len(evening.runs),
                names=", ".join(run.version.campaign.label for run in evening.runs),
            )
            messages.success(request, text)
        if evening.runs and not refused:
            return redirect("run_page", evening.runs[0].pk)
        if not evening.runs and not refused:
            form.add_error(None, _("No campaign is left to run as of this day."))
    today = clock.today()
    rivals = [one for one in planning.in_order() if one.may_run(on=today, today=today)]
    last = queries.last_live_days({one.version.campaign_id for one in rivals})
    lines = [(one, last.get(one.version.campaign_id)) for one in rivals]
    left_out = queries.left_out_on(on=today, today=today)
    context = {
        "form": form, "lines": lines, "refused": refused, "left_out": left_out,
        "closing": queries.to_close(today=today),
    }  # fmt: skip
    return render(request, "campaigns/eligibility/evening.html", context)


def _run(run_id: int) -> Run:
    run = queries.find_run(run_id)
    if run is None:
        raise Http404
    return run


@never_cache
@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
def run_page(request: HttpRequest, run_id: int) -> HttpResponse:
    """This will show how far a run is, and once it has ended, its figures."""
    run = _run(run_id)
    context: dict[str, Any] = {
        "run": run,
        "progress": queries.progress_of(run_id),
        "waits_for": queries.runs_waited_for(run),
    }
    if not run.is_running:
        context |= panels.figures(run, scope=scope_of(staff_of(request)))
    if run.lost_text:
        context["texts_withdrawn"] = queries.texts_withdrawn(run.version)
    context["failed_chunks"] = queries.failed_chunks(run_id)
    context["may_see_customers"] = staff_of(request).may(Permission.VIEW_CUSTOMERS)
    return render(request, "campaigns/eligibility/run.html", context)


@never_cache
@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
@parts.part_of("run_page", "run_id")
def run_progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """This will show how far a run is, asked for every second by its page; once the run has
    ended, the page is asked to load itself again."""
    run = _run(run_id)
    context = {
        "run": run,
        "progress": queries.progress_of(run_id),
        "waits_for": queries.runs_waited_for(run),
    }
    response = render(request, "campaigns/eligibility/_progress.html", context)
    if not run.is_running:
        response["HX-Refresh"] = "true"
    return response


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
def run_decisions(request: HttpRequest, run_id: int) -> HttpResponse:
    """This will list the decisions of a run about customers whom the person may see."""
    run = _run(run_id)
    names = queries.step_names(run)
    asked = DecisionFilter(request.GET, steps=list(names.items()))
    chosen = asked.cleaned_data if asked.is_valid() else {}
    rows = queries.decisions(
        run,
        scope=scope_of(staff_of(request)),
        outcome=chosen.get("outcome", ""),
        failed_at=chosen.get("failed"),
        award=chosen.get("award", ""),
        number=chosen.get("number", ""),
    )
    page = page_of(request, rows)
    lines = [(queries.as_in(run, row), names.get(row.failed_at, "")) for row in page.rows]
    context = {"run": run, "page": page, "lines": lines, "filter": asked}
    return render(request, "campaigns/eligibility/decisions.html", context)


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
def decision_page(request: HttpRequest, decision_id: int) -> HttpResponse:
    """This will show the receipt of a decision."""
    decision = queries.find_decision(decision_id, scope=scope_of(staff_of(request)))
    if decision is None:
        raise Http404
    grants = _grants_of(decision)
    used = benefits.by_grant([one.pk for one in grants])
    elsewhere = rewards.under_other_numbers(decision.customer_id, scope=scope_of(staff_of(request)))
    context = {
        "decision": decision,
        "run": decision.run,
        "version": decision.run.version,
        "today": clock.today(),
        "lines": queries.receipt_of(decision),
        "tiers": queries.tier_receipts(decision),
        "awarded": decision.awarded and money.show(decision.awarded),
        "grants": [
            (
                one,
                rewards.reward_of(one),
                money.show(one.amount),
                used.get(one.pk),
                rewards.history_of(one),
            )
            for one in grants
        ],
        "elsewhere": queries.given_elsewhere(decision, elsewhere),
        "draw": queries.draw_of(decision),
        "lost": rewards.lost_by(decision.customer_id).get(decision.run.version.campaign_id),
        "message": outreach.message_about(
            customer_id=decision.customer_id,
            dedup_key=naming.dedup_key_of(decision.run.version.campaign.code),
        ),
    }
    return render(request, "campaigns/eligibility/decision.html", context)


def _grants_of(decision: Decision) -> list[Any]:
    """All that the customer has of the campaign, the first given first."""
    rows = rewards.grants().filter(
        customer=decision.customer_id, campaign=decision.run.version.campaign_id
    )
    known = rows.select_related("version", "reversal", "instead_of__reversal__grant")
    return list(known.order_by("id"))


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
def near_misses(request: HttpRequest, run_id: int) -> HttpResponse:
    """This will list those of a run who only lack some spending and could still reach it then, the
    smallest gap first, with the days that are left after today."""
    run = _run(run_id)
    today = max(run.on_date, clock.today())
    rows = queries.near_misses(run, scope=scope_of(staff_of(request)), on=today)
    page = page_of(request, rows)
    lines = [(row, money.show(row.gap), _days_left(row.deadline, today)) for row in page.rows]
    is_over = queries.is_over(run)
    spent = [] if is_over else queries.used_up([run.version]).get(run.version_id, [])
    is_shut = is_over or bool(spent)
    context = {
        "run": run, "page": page, "lines": lines, "is_over": is_over,
        "spent": _(", ").join(one.label for one in spent),
        "left_out": [] if is_shut else queries.left_out(run),
        "may_edit": staff_of(request).may(Permission.EDIT_CAMPAIGNS) and not is_shut,
    }  # fmt: skip
    return render(request, "campaigns/eligibility/near_misses.html", context)


def _days_left(deadline: dt.date, today: dt.date) -> int | None:
    return (deadline - today).days if deadline >= today else None


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
@parts.part_of("customer_page", "number")
def customer_receipts(request: HttpRequest, number: str) -> HttpResponse:
    """This will say what each campaign decided last about a customer and what is missing, as a part
    of the customer's page."""
    staff = staff_of(request)
    customer = customers.one_customer(scope=scope_of(staff), number=number)
    if customer is None:
        raise Http404
    receipts = []
    if staff.may(Permission.VIEW_CAMPAIGNS):
        elsewhere = rewards.under_other_numbers(customer.pk, scope=scope_of(staff))
        receipts = [
            replace(one, elsewhere=queries.given_elsewhere(one.decision, elsewhere))
            for one in queries.receipts_about(customer.pk, today=clock.today())
        ]
    context = {"receipts": receipts, "customer": customer}
    return render(request, "campaigns/eligibility/_receipts.html", context)


@require_safe
@requires(Permission.WORK_LEADS)
@parts.part_of("call_screen")
def call_offers(request: HttpRequest) -> HttpResponse:
    """This will say what campaigns offer the customer whose lead the person has in hand, each with
    its receipt, as a part of the call screen."""
    at = clock.now()
    customer_id = leads.customer_in_hand(staff_id=staff_of(request).pk, at=at)
    context = {
        "is_customer": customer_id is not None,
        "offers": queries.offers_for(customer_id, today=clock.bank_day(at)) if customer_id else [],
    }
    return render(request, "campaigns/eligibility/_offers.html", context)
