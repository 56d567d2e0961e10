"""The tree of reasons: which answer to try at each, with the evidence, and how the tree grows."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from merchants.refusals import operations, queries
from merchants.refusals.forms import AnswerForm, ReasonForm, SaidForm, WhyForm
from merchants.refusals.models import RefusalAnswer, RefusalReason
from merchants.refusals.rules import shape, standing
from portal.kit import clock
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission

P = Permission
_PAGE = "merchants/refusals/refusal_reason.html"


@requires(P.VIEW_PLAYBOOKS)
def refusal_reasons(request: HttpRequest) -> HttpResponse:
    """This will show the tree of reasons, and how often each was met in the bank."""
    staff = staff_of(request)
    context = {
        "nodes": queries.forest().nodes(),
        "may_edit": staff.may(P.EDIT_PLAYBOOKS),
        "sees_merchants": staff.may(P.VIEW_MERCHANTS),
    }
    return render(request, "merchants/refusals/refusal_reasons.html", context)


def _known(reason_id: int) -> tuple[queries.Forest, RefusalReason]:
    tree = queries.forest()
    if reason_id not in tree.reasons:
        raise Http404
    return tree, tree.reasons[reason_id]


@requires(P.VIEW_PLAYBOOKS)
def refusal_reason(request: HttpRequest, reason_id: int) -> HttpResponse:
    """This will show what to try at a reason, and how well each did."""
    return _show(request, reason_id)


def _show(request: HttpRequest, reason_id: int, status: int = 200, **bound: Any) -> HttpResponse:
    tree, reason = _known(reason_id)
    rows = queries.evidence_of(tree=tree, reason_id=reason_id)
    may_edit = staff_of(request).may(P.EDIT_PLAYBOOKS)
    context = {
        "reason": reason,
        "line": tree.line_of(reason_id)[:-1],
        "below": [tree.reasons[one] for one in tree.below.get(reason_id, ())],
        "evidence": rows,
        "is_settled": standing.is_alone_best([row.here for row in rows]),
        "fewest": standing.fewest.FEWEST,
        "may_edit": may_edit and not reason.is_retired,
        "may_grow": may_edit and not reason.is_retired and reason.depth < shape.MOST_DEPTH,
        "why_form": WhyForm(auto_id=False),
    }
    return render(request, _PAGE, {**context, **bound}, status=status)


@requires(P.EDIT_PLAYBOOKS)
def reason_grow(request: HttpRequest, reason_id: int) -> HttpResponse:
    """This will add a reason below another."""
    return _add(request, reason_id, ReasonForm(request.POST or None), "reason")


@requires(P.EDIT_PLAYBOOKS)
def answer_new(request: HttpRequest, reason_id: int) -> HttpResponse:
    """This will add a talk track or a counter-move to a reason."""
    return _add(request, reason_id, AnswerForm(request.POST or None), "answer")


def _add(request: HttpRequest, reason_id: int, form: SaidForm, what: str) -> HttpResponse:
    tree, reason = _known(reason_id)
    if form.is_valid():
        given: dict[str, Any] = {"said": form.said, "actor": staff_of(request), "at": clock.now()}
        try:
            if what == "answer":
                kind = form.cleaned_data["kind"]
                operations.add_answer(reason_id=reason_id, kind=kind, **given)
                messages.success(request, _("Added. It is offered from now on."))
                return redirect("refusal_reason", reason_id)
            grown = operations.grow_reason(parent_id=reason_id, **given)
            messages.success(request, _("Added. Give it a talk track or a counter-move next."))
            return redirect("refusal_reason", grown.pk)
        except operations.TreeNotAllowed as refused:
            form.add_error(None, str(refused))
    context = {"reason": reason, "path": tree.path_of(reason_id), "form": form, "what": what}
    status = 422 if request.method == "POST" else 200
    return render(request, "merchants/refusals/said_new.html", context, status=status)


@require_POST
@requires(P.EDIT_PLAYBOOKS)
def reason_retire(request: HttpRequest, reason_id: int) -> HttpResponse:
    """This will take a reason out of use."""
    _tree, reason = _known(reason_id)
    try:
        operations.retire_reason(
            reason_id=reason_id, why=request.POST.get("why", "")[:1000], actor=staff_of(request),
            at=clock.now(),
        )  # fmt: skip
    except operations.TreeNotAllowed as refused:
        messages.warning(request, str(refused))
        return redirect("refusal_reason", reason_id)
    messages.success(request, _("Out of use. What named it stays."))
    return redirect("refusal_reason", reason.parent_id)


@require_POST
@requires(P.EDIT_PLAYBOOKS)
def answer_retire(request: HttpRequest, answer_id: int) -> HttpResponse:
    """This will take an answer out of use."""
    answer = RefusalAnswer.objects.filter(pk=answer_id).first()
    if answer is None:
        raise Http404
    try:
        operations.retire_answer(
            answer_id=answer_id, why=request.POST.get("why", "")[:1000], actor=staff_of(request),
            at=clock.now(),
        )  # fmt: skip
        messages.success(request, _("Out of use. What was tried with it stays and counts."))
    except operations.TreeNotAllowed as refused:
        messages.warning(request, str(refused))
    return redirect("refusal_reason", answer.reason_id)
