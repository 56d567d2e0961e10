"""The page of a partnership, and what is done there."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from merchants.directory import queries as directory
from merchants.directory.access import may_keep
from merchants.partnerships import operations, queries
from merchants.partnerships.access import load, load_to_lead, may_hand_over, may_lead
from merchants.partnerships.enums import Phase
from merchants.partnerships.forms import MoveForm, OpenForm, ReasonForm, WordsForm
from merchants.partnerships.models import Partnership, PartnershipTask
from merchants.partnerships.rules import evidence as evidences
from merchants.partnerships.rules import pictures
from portal.approvals import operations as approvals
from portal.kit import clock
from portal.kit.meanwhile import come_back
from portal.kit.registry import registry
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

P = Permission
_PAGE = "merchants/partnerships/partnership_page.html"


@requires(P.VIEW_MERCHANTS)
def partnership_page(request: HttpRequest, partnership_id: int) -> HttpResponse:
    """This will show a partnership: where it stands, what is known, tasks, talk, and history."""
    return _show(request, load(staff_of(request), partnership_id))


def _show(request: HttpRequest, row: Partnership, status: int = 200, **bound: Any) -> HttpResponse:
    staff, on = staff_of(request), clock.today()
    known = queries.evidence_of(partnerships=[row], on=on)[row.pk]
    history = queries.history_of(row)
    stays = pictures.stays([(change.to_phase, change.on_date) for change in history], on)
    is_leader, found = may_lead(staff, row), queries.suggestion_of(row)
    contract = directory.contracts_on(merchant_ids=[row.merchant_id], on=on).get(row.merchant_id)
    playbook = queries.playbook_for(phase=row.phase, branch_path=row.branch.path)
    context = {
        "row": row,
        "days": row.days_in_phase(on),
        "known": known,
        "change": evidences.change_percent(known),
        "history": [
            {"change": change, "known": evidences.read(change.evidence).measures}
            for change in reversed(history)
        ],
        "manager_changes": queries.manager_changes_of(row),
        "stays": list(reversed(stays)),
        "strip": pictures.strip_svg(stays, title=_("Phases")),
        "tasks": [
            {"task": task, "is_late": task.is_open and task.due_date < on}
            for task in queries.tasks_of(row)
        ],
        "playbook": playbook,
        "content": playbook.plain if playbook else None,
        "waiting": queries.request_of(row),
        "suggestion": found,
        "answer_by": queries.answer_by(found, on=on) if found else None,
        "may_hand_over": row.is_open and may_hand_over(staff, row),
        "contract": contract,
        "may_keep": may_keep(staff, row.merchant),
        "may_lead": is_leader,
        "is_asker": staff,
        "moves": _moves(row, known, on) if is_leader and row.is_open else [],
        "words_form": WordsForm(auto_id=False),
        "decline_form": ReasonForm(auto_id="decline_%s"),
        "parts": [
            reverse(part.url_name, args=[row.pk])
            for part in registry.partnership_parts
            if staff.may(part.permission)
        ],
    }
    return render(request, _PAGE, {**context, **bound}, status=status)


def _moves(row: Partnership, known: evidences.Evidence, on: Any) -> list[dict[str, Any]]:
    try:
        judged = queries.judged(row, evidence=known, on=on)
    except queries.NoRule:
        return []
    return [
        {"to": to, "label": Phase(to).label, "verdict": verdict} for to, verdict in judged.items()
    ]


@requires(P.EDIT_PARTNERSHIPS)
def partnership_move(request: HttpRequest, partnership_id: int) -> HttpResponse:
    """This will ask for the reason of a move, say what it needs, and make it or put it before a
    second person."""
    row = load_to_lead(staff_of(request), partnership_id)
    if request.method != "POST":
        to = request.GET.get("to", "")
        found = queries.suggestion_of(row) if request.GET.get("suggestion") else None
        start = {"to": to, "after": row.moved, "suggestion": found.pk if found else None}
        return _show_move(request, row, to, MoveForm(initial=start))
    form, to = MoveForm(request.POST), request.POST.get("to", "")
    if not form.is_valid():
        return _show_move(request, row, to, form, status=422)
    try:
        told = _step(request, row, form.cleaned_data)
    except operations.MovedMeanwhile as moved:
        row = load_to_lead(staff_of(request), row.pk)
        come_back(form, str(moved), after=moved.stands, suggestion="")
    except operations.SuggestionGone as gone:
        come_back(form, str(gone), suggestion="")
    except (operations.MoveNotAllowed, operations.PartnershipNotAllowed) as refused:
        form.add_error(None, str(refused))
    else:
        messages.success(request, told)
        return redirect("partnership_page", row.pk)
    return _show_move(request, row, to, form, status=422)


def _step(request: HttpRequest, row: Partnership, given: dict[str, Any]) -> str:
    is_asked = "ask" in request.POST
    step: Any = operations.ask_move if is_asked else operations.change_phase
    step(
        partnership_id=row.pk, to=given["to"], after=given["after"], reason=given["reason"],
        suggestion_id=given["suggestion"], actor=staff_of(request), at=clock.now(),
    )  # fmt: skip
    return _("Put before a second person.") if is_asked else _("Moved. The history keeps it.")


def _show_move(
    request: HttpRequest, row: Partnership, to: str, form: MoveForm, status: int = 200
) -> HttpResponse:
    on = clock.today()
    known = queries.evidence_of(partnerships=[row], on=on)[row.pk]
    found = {one["to"]: one for one in _moves(row, known, on)} if row.is_open else {}
    ways = [(one["to"], one["label"]) for one in found.values() if one["verdict"].is_open]
    if form.is_bound and to not in dict(ways):
        form.ask_where(ways)
    suggestion = queries.suggestion_of(row)
    context = {
        "row": row,
        "suggestion": suggestion if suggestion and suggestion.to_phase == to else None,
        "form": form,
        "move": found.get(to),
        "moves": list(found.values()),
        "ways": ways,
        "known": known,
        "change": evidences.change_percent(known),
    }
    return render(request, "merchants/partnerships/partnership_move.html", context, status=status)


@requires(P.EDIT_PARTNERSHIPS)
def partnership_new(request: HttpRequest, number: str) -> HttpResponse:
    """This will begin a partnership with a merchant."""
    merchant = directory.one_merchant(scope=scope_of(staff_of(request)), number=number)
    if merchant is None:
        raise Http404
    form = OpenForm(request.POST or None, initial={"scenarios": [merchant.category.scenario]})
    if form.is_valid():
        try:
            row = operations.open_partnership(
                merchant_id=merchant.pk, actor=staff_of(request), at=clock.now(),
                **form.cleaned_data,
            )  # fmt: skip
        except (
            operations.AlreadyOpen, operations.PartnershipNotAllowed, operations.MoveNotAllowed,
        ) as refused:  # fmt: skip
            form.add_error(None, str(refused))
        else:
            return redirect("partnership_page", row.pk)
    status = 422 if request.method == "POST" else 200
    context = {"merchant": merchant, "form": form}
    return render(request, "merchants/partnerships/partnership_new.html", context, status=status)


@require_POST
@requires(P.EDIT_PARTNERSHIPS)
def partnership_withdraw(request: HttpRequest, partnership_id: int) -> HttpResponse:
    """This will take back a move that waits for a second person, by who asked for it."""
    row = load_to_lead(staff_of(request), partnership_id)
    waiting = queries.request_of(row)
    try:
        if waiting is not None:
            operations.withdraw_move(request_id=waiting.pk, actor=staff_of(request), at=clock.now())
            messages.success(request, _("The submission is withdrawn."))
    except approvals.NotPending:
        messages.warning(request, _("Somebody was faster: this is no longer open."))
    except approvals.NotAllowed as refused:
        raise PermissionDenied from refused
    return redirect("partnership_page", row.pk)


@require_POST
@requires(P.EDIT_PARTNERSHIPS)
def suggestion_decline(request: HttpRequest, partnership_id: int) -> HttpResponse:
    """This will decline the open suggestion with a reason."""
    row = load_to_lead(staff_of(request), partnership_id)
    form, found = ReasonForm(request.POST, auto_id="decline_%s"), queries.suggestion_of(row)
    if not form.is_valid():
        return _show(request, row, status=422, decline_form=form)
    try:
        if found is None:
            raise operations.NotOpen(_("There is no open suggestion any more."))
        if str(found.pk) != request.POST.get("suggestion", str(found.pk)):
            raise operations.NotOpen(
                _("Another suggestion stands by now: look at it, and decline that one if you will.")
            )
        operations.decline_suggestion(
            suggestion_id=found.pk, reason=form.cleaned_data["words"], actor=staff_of(request),
            at=clock.now(),
        )  # fmt: skip
    except operations.NotOpen as told:
        return _kept(request, row, str(told), form.cleaned_data["words"])
    messages.success(request, _("Declined. It counts with its reason."))
    return redirect("partnership_page", row.pk)


def _kept(request: HttpRequest, row: Partnership, told: str, typed: str) -> HttpResponse:
    """The page with what was typed for something that a colleague settled meanwhile."""
    messages.warning(request, told)
    return _show(request, load(staff_of(request), row.pk), status=422, typed=typed)


@require_POST
@requires(P.EDIT_PARTNERSHIPS)
def task_settle(request: HttpRequest, task_id: int, step: str) -> HttpResponse:
    """This will note that a task was done ("done") or is not done ("skip"), and why."""
    task = PartnershipTask.objects.filter(pk=task_id).first()
    if task is None or step not in ("done", "skip"):
        raise Http404
    row = load_to_lead(staff_of(request), task.partnership_id)
    said = request.POST.get("words", "")[:2000]
    try:
        if step == "done":
            operations.finish_task(
                task_id=task.pk, note=said, actor=staff_of(request), at=clock.now()
            )
        else:
            operations.skip_task(
                task_id=task.pk, reason=said, actor=staff_of(request), at=clock.now()
            )
    except operations.TaskSettled as told:
        return _kept(request, row, str(told), said)
    except operations.PartnershipNotAllowed as told:
        messages.warning(request, str(told))
    else:
        messages.success(request, _("Noted."))
    return redirect("partnership_page", row.pk)
