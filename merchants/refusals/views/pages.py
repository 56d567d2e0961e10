"""A refusal: recorded in seconds, answered, and told what became of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from merchants.directory import queries as directory
from merchants.partnerships.access import load, load_to_lead, may_lead
from merchants.partnerships.models import Partnership
from merchants.refusals import operations, queries
from merchants.refusals.access import may_answer
from merchants.refusals.enums import RefusalState
from merchants.refusals.forms import OutcomeForm, RefusalForm, TryForm
from merchants.refusals.models import AnswerTry, Refusal
from merchants.refusals.rules import standing
from merchants.refusals.views.lists import rows_of
from portal.kit import clock, parts
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

P = Permission
_FIRST = 5
# Of these what was tried can still get its outcome.
_TOLD = (RefusalState.OPEN, RefusalState.OVERCOME, RefusalState.LET_BE)


def _form(row: Partnership, tree: queries.Forest, *args: Any) -> RefusalForm:
    return RefusalForm(
        *args, initial={"said_date": clock.today()}, reasons=tree.choices(),
        contacts=directory.contact_choices(merchant=row.merchant),
    )  # fmt: skip


@requires(P.VIEW_MERCHANTS)
@parts.part_of("partnership_page", "partnership_id")
def partnership_refusals(request: HttpRequest, partnership_id: int) -> HttpResponse:
    """This will give the part of a partnership's page about what the partner said no with."""
    row = load(staff_of(request), partnership_id)
    found, tree = list(queries.of_partnership(row)[: _FIRST + 1]), queries.forest()
    may_record = may_lead(staff_of(request), row) and row.is_open
    context = {
        "row": row,
        "refusals": rows_of(found[:_FIRST], tree),
        "has_more": len(found) > _FIRST,
        "form": _form(row, tree) if may_record else None,
    }
    return render(request, "merchants/refusals/_of_partnership.html", context)


@requires(P.EDIT_PARTNERSHIPS)
def merchant_refusal_new(request: HttpRequest, partnership_id: int) -> HttpResponse:
    """This will record what a partner said no with."""
    row = load_to_lead(staff_of(request), partnership_id)
    form = _form(row, queries.forest(), request.POST or None)
    if form.is_valid():
        try:
            made = operations.record_refusal(
                partnership_id=row.pk, reason_id=form.cleaned_data["reason"],
                said=form.cleaned_data["said"], said_date=form.cleaned_data["said_date"],
                contact=form.cleaned_data["contact"], actor=staff_of(request), at=clock.now(),
            )  # fmt: skip
            messages.success(request, _("Recorded. Below stands what to try next."))
            return redirect("refusal_page", made.pk)
        except operations.RefusalNotAllowed as refused:
            form.add_error(None, str(refused))
    status = 422 if request.method == "POST" else 200
    context = {"row": row, "form": form}
    return render(request, "merchants/refusals/merchant_refusal_new.html", context, status=status)


def _load(request: HttpRequest, refusal_id: int) -> Refusal:
    found = queries.one_refusal(scope=scope_of(staff_of(request)), refusal_id=refusal_id)
    if found is None:
        raise Http404
    return found


@requires(P.VIEW_MERCHANTS)
def refusal_page(request: HttpRequest, refusal_id: int) -> HttpResponse:
    """This will show a refusal: what was said, what was tried, and what to try next."""
    refusal = _load(request, refusal_id)
    tree = queries.forest()
    rows = queries.evidence_of(tree=tree, reason_id=refusal.reason_id) if refusal.is_open else []
    tries = queries.tries_of(refusal)
    under_way = {one.answer_id for one in tries if one.is_open}
    context = {
        "refusal": refusal,
        "path": tree.path_of(refusal.reason_id),
        "tries": tries,
        "evidence": [{"row": row, "is_tried": row.answer.pk in under_way} for row in rows],
        "is_settled": standing.is_alone_best([row.here for row in rows]),
        "fewest": standing.fewest.FEWEST,
        "today": clock.today(),
        "may_answer": refusal.is_open and may_answer(staff_of(request), refusal),
        "may_tell": refusal.state in _TOLD and may_answer(staff_of(request), refusal),
        "sees_reasons": staff_of(request).may(P.VIEW_PLAYBOOKS),
    }
    return render(request, "merchants/refusals/refusal_page.html", context)


def _to_answer(request: HttpRequest, refusal_id: int) -> Refusal:
    refusal = _load(request, refusal_id)
    if not may_answer(staff_of(request), refusal):
        raise PermissionDenied
    return refusal


def _told(request: HttpRequest, form: Any) -> None:
    """This will say what was wrong with a short form that stands in a list."""
    for name, faults in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        messages.warning(request, f"{label or ''} {' '.join(faults)}".strip())


@require_POST
@requires(P.EDIT_PARTNERSHIPS)
def refusal_try(request: HttpRequest, refusal_id: int) -> HttpResponse:
    """This will note that an answer was tried."""
    refusal, form = _to_answer(request, refusal_id), TryForm(request.POST)
    if not form.is_valid():
        _told(request, form)
        return redirect("refusal_page", refusal.pk)
    try:
        operations.try_answer(
            refusal_id=refusal.pk, answer_id=form.cleaned_data["answer"],
            tried_date=form.cleaned_data["tried_date"], actor=staff_of(request), at=clock.now(),
        )  # fmt: skip
        messages.success(request, _("Noted. Say what came of it when you know."))
    except operations.RefusalNotAllowed as refused:
        messages.warning(request, str(refused))
    return redirect("refusal_page", refusal.pk)


@require_POST
@requires(P.EDIT_PARTNERSHIPS)
def try_settle(request: HttpRequest, try_id: int) -> HttpResponse:
    """This will tell what came of an answer that was tried."""
    tried = AnswerTry.objects.filter(pk=try_id).first()
    if tried is None:
        raise Http404
    refusal, form = _to_answer(request, tried.refusal_id), OutcomeForm(request.POST)
    if not form.is_valid():
        _told(request, form)
        return redirect("refusal_page", refusal.pk)
    try:
        operations.settle_try(
            try_id=tried.pk, actor=staff_of(request), at=clock.now(), **form.cleaned_data
        )
        messages.success(request, _("Noted. It counts from now on."))
    except operations.RefusalNotAllowed as refused:
        messages.warning(request, str(refused))
    return redirect("refusal_page", refusal.pk)


@require_POST
@requires(P.EDIT_PARTNERSHIPS)
def refusal_settle(request: HttpRequest, refusal_id: int, step: str) -> HttpResponse:
    """This will let a refusal be ("let-be") or take it back as a mistake ("withdraw")."""
    steps: dict[str, Any] = {
        "let-be": operations.let_be, "withdraw": operations.withdraw_refusal,
    }  # fmt: skip
    if step not in steps:
        raise Http404
    refusal = _to_answer(request, refusal_id)
    try:
        steps[step](
            refusal_id=refusal.pk, why=request.POST.get("why", "")[:1000],
            actor=staff_of(request), at=clock.now(),
        )  # fmt: skip
        messages.success(request, _("Noted."))
    except operations.RefusalNotAllowed as refused:
        messages.warning(request, str(refused))
    return redirect("refusal_page", refusal.pk)
