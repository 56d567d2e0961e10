"""A telemarketer's own calls that were read."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journeys.telemarketing import operations, queries
from journeys.telemarketing.forms import DisputeForm
from journeys.telemarketing.models import QualityCase
from portal.kit import clock, tables
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission


@requires(Permission.WORK_LEADS)
def my_calls_list(request: HttpRequest) -> HttpResponse:
    """This will show the person's own calls that were read, the latest first."""
    rows = queries.closed_of(caller=staff_of(request))
    page = tables.page_of(request, rows)
    context = {"page": page, "rows": [(case, queries.score_of(case)) for case in page.rows]}
    return render(request, "journeys/telemarketing/my_calls_list.html", context)


@requires(Permission.WORK_LEADS)
def my_call(request: HttpRequest, case_id: int) -> HttpResponse:
    """This will show what was found in one of the person's own calls, with its dispute."""
    return _shown(request, _case(request, case_id), None)


def _case(request: HttpRequest, case_id: int) -> QualityCase:
    found = queries.closed_of(caller=staff_of(request)).filter(pk=case_id).first()
    if found is None:
        raise Http404
    return found


def _shown(request: HttpRequest, case: QualityCase, form: DisputeForm | None) -> HttpResponse:
    until, dispute = queries.disputable_until(case), queries.dispute_of(case)
    may_dispute = dispute is None and until is not None and clock.now() <= until
    reviews = queries.seen_reviews(case, by=staff_of(request))
    context = {
        "case": case, "lead": case.hold.lead, "dispute": dispute, "until": until,
        "reviews": reviews, "lines": queries.marked(case, reviews), "score": queries.score_of(case),
        "form": form or (DisputeForm() if may_dispute else None),
    }  # fmt: skip
    status = 422 if form else 200
    return render(request, "journeys/telemarketing/my_call.html", context, status=status)


@require_POST
@requires(Permission.WORK_LEADS)
def my_call_dispute(request: HttpRequest, case_id: int) -> HttpResponse:
    """This will keep that the person disputes the result of one of the own calls."""
    case, form = _case(request, case_id), DisputeForm(request.POST)
    if not form.is_valid():
        return _shown(request, case, form)
    try:
        operations.dispute_call(
            case_id=case.pk, by=staff_of(request), words=form.cleaned_data["words"], at=clock.now()
        )
    except operations.LeadRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Kept. Compliance decides; you will see it here."))
    return redirect("my_call", case_id=case.pk)
