"""Splitting a node of a plan, changing one of its months by hand, and splitting further what a plan
above gives."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from journeys.targets import operations, queries
from journeys.targets.access import may_plan
from journeys.targets.enums import Level
from journeys.targets.forms import DeriveForm, MonthForm, SplitForm
from journeys.targets.models import TargetNode
from portal.kit import clock
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

P = Permission


def _load(request: HttpRequest, node_id: int, *, to_change: bool = True) -> TargetNode:
    staff = staff_of(request)
    node = queries.one_node(scope=scope_of(staff), node_id=node_id)
    if node is None:
        raise Http404
    if to_change and not may_plan(staff, node.plan):
        raise PermissionDenied
    return node


@requires(P.EDIT_TARGETS)
def target_split(request: HttpRequest, node_id: int, level: str) -> HttpResponse:
    """This will split a node by weights: what each had before stands there to begin with."""
    node = _load(request, node_id)
    if level not in queries.levels_below(node):
        raise Http404
    found = queries.subjects_below(node, Level(level))
    form = SplitForm(
        request.POST or None, subjects=[(one.pk, one.label, one.weight) for one in found]
    )
    if found and form.is_valid():
        try:
            operations.split_node(
                node_id=node.pk, level=level, weights=form.weights, actor=staff_of(request),
                at=clock.now(),
            )  # fmt: skip
        except operations.TargetRefused as refused:
            form.add_error(None, list(refused.faults))
        else:
            messages.success(request, _("Split. What each has stands below."))
            return redirect("target_page", node.plan_id)
    levels = [(one.value, one.label) for one in queries.levels_below(node)]
    context = {"subjects": found, "level": Level(level), "levels": levels}
    return _page(request, "target_split", node, form, **context)


@requires(P.EDIT_TARGETS)
def target_month(request: HttpRequest, node_id: int) -> HttpResponse:
    """This will change by hand what a node aims at in one month."""
    node = _load(request, node_id)
    months = node.plan.months
    asked = request.GET.get("month", "")
    month = next((one for one in months if one.isoformat() == asked), months[0])
    start = {"month": month.isoformat(), "value": node.values.get(month)}
    form = MonthForm(request.POST or None, months=months, initial=start)
    if form.is_valid():
        try:
            operations.set_month(
                node_id=node.pk, actor=staff_of(request), at=clock.now(), **form.cleaned_data
            )
        except operations.TargetRefused as refused:
            form.add_error(None, list(refused.faults))
        else:
            messages.success(request, _("Kept."))
            return redirect("target_page", node.plan_id)
    return _page(request, "target_month", node, form)


@requires(P.EDIT_TARGETS)
def target_derive(request: HttpRequest, node_id: int) -> HttpResponse:
    """This will begin a plan that splits further what a plan above gives the person's branch."""
    node = _load(request, node_id, to_change=False)
    form = DeriveForm(request.POST or None, initial={"name": node.plan.name})
    if form.is_valid():
        try:
            plan = operations.derive_plan(
                node_id=node.pk, actor=staff_of(request), at=clock.now(), **form.cleaned_data
            )
        except operations.TargetRefused as refused:
            form.add_error(None, list(refused.faults))
        else:
            return redirect("target_page", plan.pk)
    return _page(request, "target_derive", node, form)


def _page(
    request: HttpRequest, name: str, node: TargetNode, form: Any, **more: Any
) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "node": node, "plan": node.plan, **more}
    return render(request, f"journeys/targets/{name}.html", context, status=status)
