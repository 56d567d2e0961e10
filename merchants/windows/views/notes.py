"""The window of a partnership: four panes, and notes that move between them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from merchants.directory import queries as directory
from merchants.partnerships.access import load, load_to_lead, may_lead
from merchants.partnerships.models import Partnership
from merchants.windows import operations, queries
from merchants.windows.enums import Pane
from merchants.windows.forms import NoteForm, NoteMoveForm, PromiseForm
from merchants.windows.models import WindowNote
from merchants.windows.rules import panes
from portal.kit import clock, parts
from portal.kit.meanwhile import come_back
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission
from portal.staff.models import Staff

P = Permission
_MEETINGS = 3


@requires(P.VIEW_MERCHANTS)
def window_page(request: HttpRequest, partnership_id: int) -> HttpResponse:
    """This will show the window of a partnership, its meetings and its promises."""
    staff = staff_of(request)
    context = window_of(staff, load(staff, partnership_id), PromiseForm())
    return render(request, "merchants/windows/window_page.html", context)


def window_of(staff: Staff, row: Partnership, promise_form: PromiseForm) -> dict[str, Any]:
    """This will gather what the window of a partnership shows, with the form for a promise, as it
    was filled in or empty."""
    on, may_settle = clock.today(), may_lead(staff, row)
    return {
        "row": row,
        "panes": queries.window_of(row),
        "gone": queries.notes_of(row, among=[Pane.GONE]),
        "meetings": queries.meetings_of(row),
        "promises": [
            {"promise": one, "is_late": one.is_open and one.due_date < on}
            for one in queries.promises_of(row)
        ],
        "may_lead": may_settle and row.is_open,
        "may_settle": may_settle,
        "promise_form": promise_form,
    }


@requires(P.VIEW_MERCHANTS)
@parts.part_of("partnership_page", "partnership_id")
def partnership_window(request: HttpRequest, partnership_id: int) -> HttpResponse:
    """This will give the part of a partnership's page about its window: how much is hidden, and
    the meetings that come."""
    row = load(staff_of(request), partnership_id)
    planned = [one for one in queries.meetings_of(row) if one.is_planned]
    context = {
        "row": row,
        "panes": queries.window_of(row),
        "meetings": planned[:_MEETINGS],
        "may_lead": may_lead(staff_of(request), row) and row.is_open,
    }
    return render(request, "merchants/windows/_of_partnership.html", context)


@requires(P.EDIT_PARTNERSHIPS)
def note_new(request: HttpRequest, partnership_id: int) -> HttpResponse:
    """This will write a note into the pane that the address names."""
    row = load_to_lead(staff_of(request), partnership_id)
    asked = request.GET.get("pane", "")
    start = {"pane": asked if asked in panes.FOUR else Pane.THEIRS}
    form = NoteForm(
        request.POST or None,
        initial=start,
        contacts=directory.contact_choices(merchant=row.merchant),
    )
    if form.is_valid():
        try:
            operations.write_note(
                partnership_id=row.pk, actor=staff_of(request), at=clock.now(),
                **form.cleaned_data,
            )  # fmt: skip
            messages.success(request, _("Noted in the window."))
            return redirect("window_page", row.pk)
        except operations.WindowNotAllowed as refused:
            form.add_error(None, str(refused))
    status = 422 if request.method == "POST" else 200
    context = {"row": row, "form": form}
    return render(request, "merchants/windows/note_new.html", context, status=status)


@requires(P.VIEW_MERCHANTS)
def note_page(request: HttpRequest, note_id: int) -> HttpResponse:
    """This will show a note with its moves, and move it: `?to=` is where a card was dropped."""
    note = queries.one_note(note_id=note_id)
    if note is None:
        raise Http404
    row = load(staff_of(request), note.partnership_id)
    may_move = may_lead(staff_of(request), row)
    if request.method == "POST":
        if not may_move:
            raise PermissionDenied
        return _move(request, row, note)
    is_leader = may_move and row.is_open
    asked = request.GET.get("to", "")
    if is_leader and asked and (refused := panes.refusal(note.pane, asked, words="x")):
        messages.warning(request, refused)
    start = {"to": asked, "after": note.moved}
    form = NoteMoveForm(note=note, initial=start) if is_leader else None
    return _show(request, row, note, form)


def _move(request: HttpRequest, row: Partnership, note: WindowNote) -> HttpResponse:
    form = NoteMoveForm(request.POST, note=note)
    if form.is_valid():
        try:
            operations.move_note(
                note_id=note.pk, actor=staff_of(request), at=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("Moved. The note keeps its way."))
            return redirect("window_page", row.pk)
        except operations.MovedMeanwhile:
            note.refresh_from_db(fields=["pane", "moved"])
            form = NoteMoveForm(request.POST, note=note)
            form.is_valid()
        except operations.WindowNotAllowed as refused:
            form.add_error(None, str(refused))
    if form.is_behind:
        come_back(form, queries.told_of(note), after=note.moved)
    return _show(request, row, note, form, status=422)


def _show(
    request: HttpRequest, row: Partnership, note: WindowNote, form: Any, status: int = 200
) -> HttpResponse:
    context = {
        "row": row,
        "note": note,
        "moves": queries.history_of(note),
        "form": form,
        "may_move": bool(panes.targets(note.pane)),
    }
    return render(request, "merchants/windows/note_page.html", context, status=status)
