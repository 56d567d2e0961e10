"""The partners of a plan."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from merchants.allocation import operations, queries
from merchants.allocation.access import may_plan
from merchants.allocation.forms import LineForm, PartnersForm
from merchants.allocation.models import FundLine, FundPlan
from merchants.allocation.views.plans import load
from merchants.evidence import queries as evidence
from merchants.partnerships.models import Partnership
from portal.kit import clock
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

P = Permission
_DAYS_OF_WEEK = 7


@requires(P.EDIT_PARTNERSHIPS)
def fund_partners(request: HttpRequest, plan_id: int) -> HttpResponse:
    """This will offer the open partnerships of the plan's branch that are not in it yet."""
    plan = load(request, plan_id, to_change=True)
    found = list(queries.candidates(plan))
    others = queries.given_by_others(plan, [row.pk for row in found])
    choices = [(row.pk, _label(row, others.get(row.pk))) for row in found]
    form = PartnersForm(request.POST or None, choices=choices)
    if form.is_valid():
        ids = [int(one) for one in form.cleaned_data["partnerships"]]
        try:
            added = operations.add_partners(
                plan_id=plan.pk, partnership_ids=ids, actor=staff_of(request), at=clock.now()
            )
            messages.success(request, _("Partners added: {count}.").format(count=len(added)))
        except operations.FundsRefused as refused:
            messages.warning(request, str(refused))
        return redirect("fund_page", plan.pk)
    status = 422 if request.method == "POST" else 200
    context = {"plan": plan, "form": form, "has_any": bool(found)}
    return render(request, "merchants/allocation/fund_partners.html", context, status=status)


def _label(row: Partnership, other: FundPlan | None) -> str:
    label = f"{row.merchant.label} · {row.get_phase_display()} · {row.merchant.number}"
    if other is None:
        return label
    said = _("{code} {name} gives it money on some of these days")
    return f"{label} · {said.format(code=other.code, name=other.name)}"


def load_line(request: HttpRequest, line_id: int) -> FundLine:
    """This will load a partner of a plan of the person's scope. Raises Http404."""
    line = queries.one_line(scope=scope_of(staff_of(request)), line_id=line_id)
    if line is None:
        raise Http404
    return line


def _to_change(request: HttpRequest, line_id: int) -> FundLine:
    line = load_line(request, line_id)
    if not may_plan(staff_of(request), line.plan):
        raise PermissionDenied
    return line


@requires(P.EDIT_PARTNERSHIPS)
def fund_line(request: HttpRequest, line_id: int) -> HttpResponse:
    """This will change bounds and response of a partner."""
    line = _to_change(request, line_id)
    start = {name: getattr(line, name) for name in LineForm.base_fields}
    form = LineForm(request.POST or None, initial=start)
    if form.is_valid():
        try:
            operations.change_line(
                line_id=line.pk, values=form.cleaned_data, actor=staff_of(request), at=clock.now()
            )
        except operations.FundsRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("fund_page", line.plan_id)
    merchant = line.partnership.merchant
    known = evidence.latest_of(merchant_id=merchant.pk, on=clock.today())
    length = (line.plan.last_date - line.plan.first_date).days + 1
    context = {
        "line": line,
        "plan": line.plan,
        "merchant": merchant,
        "form": form,
        "known": known,
        "usual": known.level * length / _DAYS_OF_WEEK if known else None,
        "levels": line.levels.order_by("amount"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "merchants/allocation/fund_line.html", context, status=status)


@require_POST
@requires(P.EDIT_PARTNERSHIPS)
def fund_line_remove(request: HttpRequest, line_id: int) -> HttpResponse:
    """This will leave a partner out of a plan."""
    line = _to_change(request, line_id)
    try:
        operations.remove_line(line_id=line.pk, actor=staff_of(request), at=clock.now())
        messages.success(request, _("Left out of the plan."))
    except operations.FundsRefused as refused:
        messages.warning(request, str(refused))
    return redirect("fund_page", line.plan_id)
