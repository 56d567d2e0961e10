"""Calls that are read: what there is to read, one of them, and what was found."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journeys.telemarketing import operations, queries
from journeys.telemarketing.forms import DecideForm, ReadForm, ResultsFilter
from journeys.telemarketing.models import QualityCase
from portal.kit import clock, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_SPAN = 30  # days for which results are told
_DISPUTES = 50


@requires(Permission.READ_CALLS)
def quality_list(request: HttpRequest) -> HttpResponse:
    """This will show the calls that the person may read, and to compliance the disputes that wait
    for a decision."""
    reader = staff_of(request)
    rows = queries.cases_to_read(scope=scope_of(reader), reader=reader)
    may_decide = reader.may(Permission.DECIDE_CALLS)
    disputes = queries.open_disputes(reader=reader)[:_DISPUTES] if may_decide else []
    context = {
        "page": tables.page_of(request, rows),
        "disputes": list(disputes),
        "may_decide": may_decide,
    }
    return render(request, "journeys/telemarketing/quality_list.html", context)


@requires(Permission.READ_CALLS)
def quality_case(request: HttpRequest, case_id: int) -> HttpResponse:
    """This will show a call of the scope that was drawn: its form to whoever may read it, and what
    readers found as far as the person may see it."""
    return _shown(request, _case(request, case_id))


def _case(request: HttpRequest, case_id: int) -> QualityCase:
    rows = queries.cases(scope=scope_of(staff_of(request))).select_related("hold__lead")
    found = rows.filter(pk=case_id).first()
    if found is None:
        raise Http404
    return found


def _shown(
    request: HttpRequest,
    case: QualityCase,
    form: ReadForm | None = None,
    decide: DecideForm | None = None,
) -> HttpResponse:
    reader = staff_of(request)
    scope = scope_of(reader)
    may_read = queries.cases_to_read(scope=scope, reader=reader).filter(pk=case.pk).exists()
    dispute = queries.dispute_of(case)
    may_decide = reader.may(Permission.DECIDE_CALLS) and (
        queries.open_disputes(reader=reader).filter(case=case).exists()
    )
    reviews = queries.seen_reviews(case, by=reader)
    context = {
        "case": case, "lead": case.hold.lead, "lot": queries.lot_of(case), "dispute": dispute,
        "reviews": reviews, "lines": queries.marked(case, reviews),
        "form": form or (ReadForm(criteria=case.draw.form.lines) if may_read else None),
        "decide": decide or (DecideForm() if may_decide else None),
    }  # fmt: skip
    status = 422 if form or decide else 200
    return render(request, "journeys/telemarketing/quality_case.html", context, status=status)


@require_POST
@requires(Permission.READ_CALLS)
def quality_read(request: HttpRequest, case_id: int) -> HttpResponse:
    """This will keep what the person found in a call, and go on to the next one."""
    case, reader = _case(request, case_id), staff_of(request)
    form = ReadForm(request.POST, criteria=case.draw.form.lines)
    if not form.is_valid():
        return _shown(request, case, form=form)
    try:
        operations.read_call(
            case_id=case.pk, reader=reader, marks=form.marks, words=form.cleaned_data["words"],
            at=clock.now(),
        )  # fmt: skip
    except operations.LeadRefused as refused:
        messages.warning(request, str(refused))
        return redirect("quality_case", case_id=case.pk)
    messages.success(request, _("Kept. Here is the next call."))
    following = queries.cases_to_read(scope=scope_of(reader), reader=reader).first()
    if following is None:
        return redirect("quality_list")
    return redirect("quality_case", case_id=following.pk)


@require_POST
@requires(Permission.DECIDE_CALLS)
def quality_decide(request: HttpRequest, case_id: int) -> HttpResponse:
    """This will keep what compliance decides about the dispute of a call."""
    case = _case(request, case_id)
    dispute = queries.dispute_of(case)
    if dispute is None:
        raise Http404
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _shown(request, case, decide=form)
    try:
        operations.decide_dispute(
            dispute_id=dispute.pk, by=staff_of(request), verdict=form.cleaned_data["verdict"],
            words=form.cleaned_data["words"], at=clock.now(),
        )  # fmt: skip
    except operations.LeadRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Decided. The caller sees it with the call."))
    return redirect("quality_case", case_id=case.pk)


@requires(Permission.READ_CALLS)
def quality_results(request: HttpRequest) -> HttpResponse:
    """This will show what was found in the calls of the scope, by caller and criterion, and how far
    two readers agree."""
    form = ResultsFilter(request.GET)
    form.is_valid()
    at = clock.now()
    found = queries.results(
        scope=scope_of(staff_of(request)), since=at - dt.timedelta(days=_SPAN), at=at,
        drawn=form.cleaned_data.get("drawn", ""),
    )  # fmt: skip
    criteria = found.form.lines if found.form else []
    codes, labels = [one["code"] for one in criteria], [one["label"] for one in criteria]
    context: dict[str, Any] = {
        "form": form, "days": _SPAN, "fewest": queries.FEWEST_READ, "criteria": criteria,
        "rows": [
            (line, list(zip(labels, line.shares(codes), strict=True))) for line in found.lines
        ],
        "agreements": found.agreements,
    }  # fmt: skip
    return render(request, "journeys/telemarketing/quality_results.html", context)
