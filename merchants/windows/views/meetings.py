"""Meetings: planned, prepared by a sheet, and written down in a minute afterwards."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from merchants.directory import queries as directory
from merchants.partnerships.access import load_to_lead, may_lead
from merchants.windows import operations, queries
from merchants.windows.enums import MeetingState, Pane
from merchants.windows.forms import HoldForm, MeetingFilter, MeetingForm
from merchants.windows.models import Meeting
from merchants.windows.queries.notes import HIDDEN
from portal.kit import clock, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

P = Permission


def _load(request: HttpRequest, meeting_id: int) -> Meeting:
    found = queries.one_meeting(scope=scope_of(staff_of(request)), meeting_id=meeting_id)
    if found is None:
        raise Http404
    return found


def _load_to_lead(request: HttpRequest, meeting_id: int) -> Meeting:
    meeting = _load(request, meeting_id)
    if not may_lead(staff_of(request), meeting.partnership):
        raise PermissionDenied
    return meeting


@requires(P.VIEW_MERCHANTS)
def meeting_list(request: HttpRequest) -> HttpResponse:
    """This will show the meetings of the person's scope, those to come first of all."""
    form = MeetingFilter(request.GET)
    form.is_valid()
    state = form.cleaned_data.get("state", "") or MeetingState.PLANNED
    page = tables.page_of(
        request, queries.list_meetings(scope=scope_of(staff_of(request)), state=state)
    )
    hidden = queries.hidden_counts(partnership_ids=[row.partnership_id for row in page.rows])
    on = clock.today()
    context = {
        "form": form,
        "page": page,
        "rows": [
            {
                "meeting": row,
                "hidden": hidden.get(row.partnership_id, 0),
                "is_past": row.is_planned and row.on_date < on,
            }
            for row in page.rows
        ],
    }
    return render(request, "merchants/windows/meeting_list.html", context)


@requires(P.EDIT_PARTNERSHIPS)
def meeting_new(request: HttpRequest, partnership_id: int) -> HttpResponse:
    """This will plan a meeting with a partner."""
    row = load_to_lead(staff_of(request), partnership_id)
    start = {"on_date": clock.today() + dt.timedelta(days=1)}
    form = MeetingForm(
        request.POST or None,
        initial=start,
        contacts=directory.contact_choices(merchant=row.merchant),
    )
    if form.is_valid():
        try:
            meeting = operations.plan_meeting(
                partnership_id=row.pk, actor=staff_of(request), at=clock.now(), **_said(form)
            )
            messages.success(request, _("Planned. This is the sheet to prepare it."))
            return redirect("meeting_page", meeting.pk)
        except operations.WindowNotAllowed as refused:
            form.add_error(None, str(refused))
    status = 422 if request.method == "POST" else 200
    context = {"row": row, "form": form}
    return render(request, "merchants/windows/meeting_new.html", context, status=status)


def _said(form: MeetingForm) -> dict[str, Any]:
    return {"contacts": [], **form.cleaned_data}


@requires(P.EDIT_PARTNERSHIPS)
def meeting_change(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """This will put a planned meeting to another day, hour, purpose or persons."""
    meeting = _load_to_lead(request, meeting_id)
    start = {
        "on_date": meeting.on_date, "at_time": meeting.at_time, "purpose": meeting.purpose,
        "contacts": [one.number for one in queries.people_of(meeting)],
    }  # fmt: skip
    people = directory.contact_choices(merchant=meeting.partnership.merchant)
    form = MeetingForm(request.POST or None, initial=start, contacts=people)
    if form.is_valid():
        try:
            operations.change_meeting(
                meeting_id=meeting.pk, actor=staff_of(request), at=clock.now(), **_said(form)
            )
            messages.success(request, _("Changed."))
            return redirect("meeting_page", meeting.pk)
        except operations.WindowNotAllowed as refused:
            form.add_error(None, str(refused))
    status = 422 if request.method == "POST" else 200
    context = {"row": meeting.partnership, "form": form, "meeting": meeting}
    return render(request, "merchants/windows/meeting_new.html", context, status=status)


@requires(P.VIEW_MERCHANTS)
def meeting_page(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """This will show the sheet to prepare a meeting; of one that is over, what came of it."""
    meeting, on = _load(request, meeting_id), clock.today()
    row = meeting.partnership
    context = {
        "meeting": meeting,
        "row": row,
        "sheet": queries.sheet_of(meeting=meeting),
        "moves": meeting.moves.select_related("note").order_by("id"),
        "may_lead": meeting.is_planned and may_lead(staff_of(request), row),
        "has_come": meeting.on_date <= on,
    }
    return render(request, "merchants/windows/meeting_page.html", context)


@requires(P.EDIT_PARTNERSHIPS)
def meeting_held(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """This will write down what came of a meeting, and move the notes that were discussed."""
    meeting = _load_to_lead(request, meeting_id)
    found = queries.notes_of(meeting.partnership, among=Pane.values)
    form = HoldForm(
        request.POST or None, notes=[one for one in found if one.pane in HIDDEN],
        others=[one for one in found if one.pane not in HIDDEN],
    )  # fmt: skip
    if form.is_valid():
        try:
            operations.hold_meeting(
                meeting_id=meeting.pk, result=form.cleaned_data["result"],
                discussed=form.discussed, actor=staff_of(request), at=clock.now(),
            )  # fmt: skip
            messages.success(request, _("Written down. The window has moved."))
            return redirect("meeting_page", meeting.pk)
        except (operations.WindowNotAllowed, operations.MovedMeanwhile) as refused:
            form.add_error(None, str(refused))
    status = 422 if request.method == "POST" else 200
    context = {"meeting": meeting, "row": meeting.partnership, "form": form}
    return render(request, "merchants/windows/meeting_held.html", context, status=status)


@require_POST
@requires(P.EDIT_PARTNERSHIPS)
def meeting_call_off(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """This will call a meeting off, with a reason."""
    meeting = _load_to_lead(request, meeting_id)
    try:
        operations.call_off_meeting(
            meeting_id=meeting.pk, why=request.POST.get("why", "")[:1000],
            actor=staff_of(request), at=clock.now(),
        )  # fmt: skip
        messages.success(request, _("Called off."))
    except operations.WindowNotAllowed as refused:
        messages.warning(request, str(refused))
    return redirect("meeting_page", meeting.pk)
