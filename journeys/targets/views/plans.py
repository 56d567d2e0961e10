"""The list of plans of targets, a plan's page, and its way through approval."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journeys.cards import queries as cards
from journeys.targets import operations, queries
from journeys.targets.access import may_plan
from journeys.targets.forms import PlanFilter, PlanForm, VersionForm
from journeys.targets.models import TargetPlan
from portal.approvals import operations as approvals
from portal.kit import clock, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

P = Permission


def load(request: HttpRequest, plan_id: int, *, to_change: bool = False) -> TargetPlan:
    """This will load a plan of the person's scope. Raises Http404, PermissionDenied."""
    staff = staff_of(request)
    plan = queries.one_plan(scope=scope_of(staff), plan_id=plan_id)
    if plan is None:
        raise Http404
    if to_change and not may_plan(staff, plan):
        raise PermissionDenied
    return plan


@requires(P.VIEW_TARGETS)
def target_list(request: HttpRequest) -> HttpResponse:
    """This will list the plans of the person's scope; a wrong filter is left out."""
    staff, form = staff_of(request), PlanFilter(request.GET)
    form.is_valid()
    rows = queries.list_plans(scope=scope_of(staff), **form.cleaned_data)
    context = {
        "form": form,
        "page": tables.page_of(request, rows),
        "may_plan": staff.may(P.EDIT_TARGETS),
    }
    return render(request, "journeys/targets/target_list.html", context)


@requires(P.EDIT_TARGETS)
def target_new(request: HttpRequest) -> HttpResponse:
    """This will begin a plan of the person's branch, for the next month at first."""
    staff = staff_of(request)
    products = [(row.pk, row.label) for row in cards.own_products()]
    form = PlanForm(
        request.POST or None, products=products,
        initial={"first_date": clock.today().replace(day=1), "period": "month"},
    )  # fmt: skip
    if form.is_valid():
        try:
            plan = operations.make_plan(actor=staff, at=clock.now(), **form.cleaned_data)
        except operations.TargetRefused as refused:
            form.add_error(None, list(refused.faults))
        else:
            return redirect("target_page", plan.pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "branch": staff.branch}
    return render(request, "journeys/targets/target_new.html", context, status=status)


@requires(P.VIEW_TARGETS)
def target_page(request: HttpRequest, plan_id: int) -> HttpResponse:
    """This will show a plan: what is aimed at, how it is split, and what is left unassigned."""
    plan = load(request, plan_id)
    return _show(request, plan, VersionForm(auto_id="version_%s"))


def _show(
    request: HttpRequest, plan: TargetPlan, form: VersionForm, status: int = 200
) -> HttpResponse:
    staff = staff_of(request)
    rows = queries.tree_of(plan, has_people=staff.may(P.VIEW_SCORECARDS))
    mine = may_plan(staff, plan)
    context: dict[str, Any] = {
        "plan": plan,
        "rows": rows,
        "months": plan.months,
        "may_change": mine and plan.is_draft,
        "may_version": mine and plan.is_approved,
        "is_maker": plan.submission is not None and plan.submission.maker_id == staff.pk,
        "own_node": _own_node(request, plan, rows),
        "derived": [
            one for one in queries.plans_derived(plan) if scope_of(staff).reaches(one.branch)
        ],
        "version_form": form,
    }  # fmt: skip
    return render(request, "journeys/targets/target_page.html", context, status=status)


def _own_node(request: HttpRequest, plan: TargetPlan, rows: list[queries.Row]) -> Any:
    """The node of the reader's own branch, which the reader may split further."""
    staff = staff_of(request)
    if not plan.is_approved or not staff.may(P.EDIT_TARGETS):
        return None
    for row in rows:
        node = row.node
        if node.branch_id == staff.branch_id and not (node.team_id or node.staff_id):
            return None if row.depth == 0 else node
    return None


@require_POST
@requires(P.EDIT_TARGETS)
def target_version(request: HttpRequest, plan_id: int) -> HttpResponse:
    """This will begin the next version of a plan in force, with a reason."""
    plan = load(request, plan_id, to_change=True)
    form = VersionForm(request.POST, auto_id="version_%s")
    if form.is_valid():
        try:
            made = operations.next_version(
                plan_id=plan.pk, why=form.cleaned_data["why"], actor=staff_of(request),
                at=clock.now(),
            )  # fmt: skip
        except operations.TargetRefused as refused:
            form.add_error(None, list(refused.faults))
        else:
            messages.success(request, _("Change what is to change, and submit it."))
            return redirect("target_page", made.pk)
    return _show(request, plan, form, status=422)


@require_POST
@requires(P.EDIT_TARGETS)
def target_submit(request: HttpRequest, plan_id: int) -> HttpResponse:
    """This will put a plan before another person."""
    plan = load(request, plan_id, to_change=True)
    try:
        operations.submit_plan(plan_id=plan.pk, actor=staff_of(request), at=clock.now())
        messages.success(request, _("Submitted for approval."))
    except operations.TargetRefused as refused:
        messages.warning(request, str(refused))
    return redirect("target_page", plan.pk)


@require_POST
@requires(P.EDIT_TARGETS)
def target_withdraw(request: HttpRequest, plan_id: int) -> HttpResponse:
    """This will take back a plan that waits for approval, by who submitted it."""
    plan = load(request, plan_id, to_change=True)
    take_back(request, plan)
    return redirect("target_page", plan.pk)


def take_back(request: HttpRequest, row: Any) -> None:
    """This will withdraw what waits, and tell what became of it. Raises PermissionDenied."""
    try:
        operations.withdraw(row=row, actor=staff_of(request), at=clock.now())
        messages.success(request, _("The submission is withdrawn."))
    except approvals.NotPending:
        messages.warning(request, _("Somebody was faster: this is no longer open."))
    except approvals.NotAllowed as refused:
        raise PermissionDenied from refused
