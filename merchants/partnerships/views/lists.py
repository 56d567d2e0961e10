"""The board, the list, today's work, and what a merchant's page shows."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from merchants.partnerships import queries
from merchants.partnerships.access import may_lead
from merchants.partnerships.forms import BoardFilter, PartnershipFilter
from merchants.partnerships.queries.partnerships import MINE, ON_BOARD
from portal.kit import clock, parts, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_SOON = dt.timedelta(days=7)


@requires(Permission.VIEW_MERCHANTS)
def partnership_board(request: HttpRequest) -> HttpResponse:
    """This will show partnerships as cards in a column for each phase; on a phone one column at a
    time, that of `?column=`."""
    staff, form, on = staff_of(request), BoardFilter(request.GET), clock.today()
    form.is_valid()
    columns = queries.board(
        scope=scope_of(staff),
        on=on,
        whose=form.cleaned_data.get("whose", ""),
        text=form.cleaned_data.get("text", ""),
    )
    asked = request.GET.get("column", "")
    filled = next((column.phase for column in columns if column.count), ON_BOARD[0])
    rest = request.GET.copy()
    rest.pop("column", None)
    context = {
        "form": form,
        "columns": [
            {
                "column": column,
                "cards": [
                    {"row": row, "may_lead": may_lead(staff, row), "days": row.days_in_phase(on)}
                    for row in column.rows
                ],
            }
            for column in columns
        ],
        "chosen": asked if asked in ON_BOARD else filled,
        "query": rest.urlencode(),
        "may_read_playbooks": staff.may(Permission.VIEW_PLAYBOOKS),
    }
    return render(request, "merchants/partnerships/partnership_board.html", context)


@requires(Permission.VIEW_MERCHANTS)
def partnership_list(request: HttpRequest) -> HttpResponse:
    """This will show the partnerships of the person's scope; a wrong filter is left out."""
    scope, on = scope_of(staff_of(request)), clock.today()
    managers = [(row.username, row.label) for row in queries.managers_within(scope=scope)]
    form = PartnershipFilter(request.GET, managers=managers)
    form.is_valid()
    rows = queries.list_partnerships(scope=scope, on=on, **form.cleaned_data)
    page = tables.page_of(request, rows)
    context = {
        "form": form,
        "page": page,
        "rows": [{"row": row, "days": row.days_in_phase(on)} for row in page.rows],
    }
    return render(request, "merchants/partnerships/partnership_list.html", context)


@requires(Permission.VIEW_MERCHANTS)
def partnership_mine(request: HttpRequest) -> HttpResponse:
    """This will show a person's work of today: suggestions to answer, tasks that are due within a
    week, and how suggestions were answered so far; to branch managers that of their branches."""
    staff, on = staff_of(request), clock.today()
    scope = scope_of(staff)
    due = queries.tasks_within(scope=scope, before=on + _SOON)
    page = tables.page_of(request, due)
    context = {
        "suggestions": queries.suggestions_within(scope=scope)[:20],
        "page": page,
        "tasks": [{"task": task, "is_late": task.due_date < on} for task in page.rows],
        "counts": queries.settled_counts(scope=scope),
        "is_own": scope.own_staff_id is not None,
        "mine": MINE,
    }
    return render(request, "merchants/partnerships/partnership_mine.html", context)


@requires(Permission.VIEW_MERCHANTS)
@parts.part_of("merchant_page", "number")
def merchant_partnership(request: HttpRequest, number: str) -> HttpResponse:
    """This will give the part of a merchant's page about its partnerships."""
    staff = staff_of(request)
    rows = list(queries.of_merchant(scope=scope_of(staff), number=number))
    context = {
        "number": number,
        "rows": rows,
        "may_open": staff.may(Permission.EDIT_PARTNERSHIPS) and not any(r.is_open for r in rows),
    }
    return render(request, "merchants/partnerships/_of_merchant.html", context)
