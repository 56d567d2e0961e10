"""The list of plans, a plan's page with the shares of its groups, and its way through approval."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from merchants.allocation import operations, queries
from merchants.allocation.access import may_plan
from merchants.allocation.forms import AmendForm, PlanFilter, PlanForm, ShareForm
from merchants.allocation.models import FundPlan
from merchants.evidence.rules import months
from portal.approvals import operations as approvals
from portal.kit import clock, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

P = Permission


def load(request: HttpRequest, plan_id: int, *, to_change: bool = False) -> FundPlan:
    """This will load a plan of the person's scope. Raises Http404, PermissionDenied."""
    staff = staff_of(request)
    plan = queries.one_plan(scope=scope_of(staff), plan_id=plan_id)
    if plan is None:
        raise Http404
    if to_change and not may_plan(staff, plan):
        raise PermissionDenied
    return plan


@requires(P.VIEW_MERCHANTS)
def fund_list(request: HttpRequest) -> HttpResponse:
    """This will list the plans of the person's scope; a wrong filter is left out."""
    staff, form = staff_of(request), PlanFilter(request.GET)
    form.is_valid()
    page = tables.page_of(request, queries.list_plans(scope=scope_of(staff), **form.cleaned_data))
    context = {"form": form, "page": page, "may_plan": staff.may(P.EDIT_PARTNERSHIPS)}
    return render(request, "merchants/allocation/fund_list.html", context)


@requires(P.EDIT_PARTNERSHIPS)
def fund_new(request: HttpRequest) -> HttpResponse:
    """This will begin a plan of the person's branch, for the next quarter at first."""
    first = _next_quarter(clock.today())
    start = {"first_date": first, "last_date": _next_quarter(first) - dt.timedelta(days=1)}
    form = PlanForm(request.POST or None, initial=start)
    if form.is_valid():
        try:
            plan = operations.make_plan(
                actor=staff_of(request), at=clock.now(), **form.cleaned_data
            )
        except operations.FundsRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("fund_partners", plan.pk)
    return _show_form(request, form, None)


def _next_quarter(on: dt.date) -> dt.date:
    return months.first_of(on, (on.month - 1) % 3 - 3)


def _show_form(request: HttpRequest, form: PlanForm, plan: FundPlan | None) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "plan": plan, "branch": staff_of(request).branch}
    return render(request, "merchants/allocation/fund_edit.html", context, status=status)


@requires(P.EDIT_PARTNERSHIPS)
def fund_edit(request: HttpRequest, plan_id: int) -> HttpResponse:
    """This will change what a plan says of itself."""
    plan = load(request, plan_id, to_change=True)
    start = {name: getattr(plan, name) for name in PlanForm.base_fields}
    form = PlanForm(request.POST or None, initial=start)
    if form.is_valid():
        try:
            operations.change_plan(
                plan_id=plan.pk, values=form.cleaned_data, actor=staff_of(request), at=clock.now()
            )
        except operations.FundsRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("fund_page", plan.pk)
    return _show_form(request, form, plan)


@requires(P.VIEW_MERCHANTS)
def fund_page(request: HttpRequest, plan_id: int) -> HttpResponse:
    """This will show a plan: who gets how much and why, beside other splits, and what is spent."""
    return _show_plan(request, load(request, plan_id))


def _show_plan(
    request: HttpRequest, plan: FundPlan, status: int = 200, **bound: Any
) -> HttpResponse:
    """This will show a plan's page, with a form that was refused where there is one."""
    staff = staff_of(request)
    seen = queries.shown(plan)
    mine = plan.is_draft and may_plan(staff, plan)
    groups = [(f"{kind}:{value}", label) for kind, value, label in seen.groups]
    context = {
        "plan": plan,
        "seen": seen,
        "may_change": mine,
        "is_solved": seen.is_solved,
        "rows": seen.rows,
        "share_form": ShareForm(choices=groups),
        "is_maker": plan.submission is not None and plan.submission.maker_id == staff.pk,
        "accounts": _accounts(seen),
        "may_export": staff.may(P.EXPORT_DATA),
        "twice": queries.double_words(plan) if mine else "",
        "may_upload": plan.is_draft and staff.may(P.UPLOAD_OWN),
        "amendment": queries.amendment_of(plan),
        "may_amend": plan.is_approved and may_plan(staff, plan),
        "amend_form": AmendForm(auto_id="amend_%s"),
    }
    return render(
        request, "merchants/allocation/fund_page.html", {**context, **bound}, status=status
    )


def _accounts(seen: queries.Shown) -> dict[str, Any] | None:
    """What is spent of the whole plan; None before it is approved."""
    found = [
        row.line.account for row in seen.rows if hasattr(row.line, "account")
    ]  # fmt: skip
    if not found:
        return None
    names = ("allocated", "committed", "claimed", "paid")
    sums = {name: sum(getattr(one, name) for one in found) for name in names}
    return {
        "sums": sums,
        "bars": [
            (name, sums[name], round(100 * sums[name] / (sums["allocated"] or 1)))
            for name in names[1:]
        ],
    }


def _step(request: HttpRequest, plan_id: int, step: Callable[..., Any], told: str) -> HttpResponse:
    plan = load(request, plan_id, to_change=True)
    try:
        step(plan_id=plan.pk, actor=staff_of(request), at=clock.now())
        messages.success(request, told)
    except operations.FundsRefused as refused:
        messages.warning(request, str(refused))
    return redirect("fund_page", plan.pk)


@require_POST
@requires(P.EDIT_PARTNERSHIPS)
def fund_solve(request: HttpRequest, plan_id: int) -> HttpResponse:
    """This will split the budget so that it brings most."""
    return _step(request, plan_id, operations.solve_plan, _("Split. Look at the reasons below."))


@require_POST
@requires(P.EDIT_PARTNERSHIPS)
def fund_submit(request: HttpRequest, plan_id: int) -> HttpResponse:
    """This will put a plan before other people."""
    return _step(request, plan_id, operations.submit_plan, _("Submitted for approval."))


@require_POST
@requires(P.EDIT_PARTNERSHIPS)
def fund_amend(request: HttpRequest, plan_id: int) -> HttpResponse:
    """This will begin an amendment of an approved plan, with a reason."""
    plan = load(request, plan_id, to_change=True)
    form = AmendForm(request.POST, auto_id="amend_%s")
    if form.is_valid():
        try:
            amendment = operations.amend_plan(
                plan_id=plan.pk, reason=form.cleaned_data["reason"], actor=staff_of(request),
                at=clock.now(),
            )  # fmt: skip
        except operations.FundsRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Change what is to change, split it, and submit it."))
            return redirect("fund_page", amendment.pk)
    return _show_plan(request, plan, status=422, amend_form=form)


@require_POST
@requires(P.EDIT_PARTNERSHIPS)
def fund_withdraw(request: HttpRequest, plan_id: int) -> HttpResponse:
    """This will take back a plan that waits for approval, by who submitted it."""
    plan = load(request, plan_id, to_change=True)
    try:
        operations.withdraw_plan(plan_id=plan.pk, actor=staff_of(request), at=clock.now())
        messages.success(request, _("The submission is withdrawn."))
    except approvals.NotPending:
        messages.warning(request, _("Somebody was faster: this is no longer open."))
    except approvals.NotAllowed as refused:
        raise PermissionDenied from refused
    return redirect("fund_page", plan.pk)


@require_POST
@requires(P.EDIT_PARTNERSHIPS)
def fund_share(request: HttpRequest, plan_id: int) -> HttpResponse:
    """This will bind a group's share of the budget."""
    plan = load(request, plan_id, to_change=True)
    groups = queries.groups_in(queries.lines_of(plan))
    choices = [(f"{kind}:{value}", label) for kind, value, label in groups]
    form = ShareForm(request.POST, choices=choices)
    if form.is_valid():
        kind, _colon, value = form.cleaned_data["group"].partition(":")
        try:
            operations.set_share(
                plan_id=plan.pk, kind=kind, value=value, least=form.cleaned_data["least"],
                most=form.cleaned_data["most"], actor=staff_of(request), at=clock.now(),
            )  # fmt: skip
            return redirect("fund_page", plan.pk)
        except operations.FundsRefused as refused:
            form.add_error(None, str(refused))
    return _show_plan(request, plan, status=422, share_form=form)


@require_POST
@requires(P.EDIT_PARTNERSHIPS)
def fund_unshare(request: HttpRequest, plan_id: int, share_id: int) -> HttpResponse:
    """This will bind a group's share no more."""
    plan = load(request, plan_id, to_change=True)
    try:
        operations.remove_share(
            plan_id=plan.pk, share_id=share_id, actor=staff_of(request), at=clock.now()
        )
    except operations.FundsRefused as refused:
        messages.warning(request, str(refused))
    return redirect("fund_page", plan.pk)
