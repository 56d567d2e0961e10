"""The daily sales report."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from journeys.kpis import operations as kpis
from journeys.kpis import queries
from journeys.kpis.forms import ReportFilter, report_filter
from journeys.kpis.queries import Report
from portal.kit import clock, pictures, tables
from portal.kit.pictures import Series
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_AT_ONCE = 50
_DAY = dt.timedelta(days=1)


@require_safe
@requires(Permission.VIEW_FIGURES)
def sales_report(request: HttpRequest) -> HttpResponse:
    """This will show the report of a day: what was filed, decided, issued and activated by branch,
    team, person, product or source, against the targets, and the month day by day."""
    staff, at = staff_of(request), clock.now()
    form, report = _asked(request)
    number = tables.number_in(request)
    start = (number - 1) * _AT_ONCE
    rest = request.GET.copy()
    rest.pop("page", None)
    rows = report.lines[start : start + _AT_ONCE]
    page = tables.Page(rows, number, len(report.lines) > start + _AT_ONCE, rest.urlencode())
    context: dict[str, Any] = {
        "form": form, "report": report, "page": page, "is_open": at < report.closed_at,
        "proof": queries.newest_proof(), "waiting": queries.marked_days(),
        "gets_mail": queries.gets_report(staff), "picture": _picture(report), "email": staff.email,
    }  # fmt: skip
    return render(request, "journeys/kpis/sales_report.html", context)


def _asked(request: HttpRequest) -> tuple[ReportFilter, Report]:
    """The filter of the address; a value that is wrong is left out."""
    scope, usual = scope_of(staff_of(request)), clock.today() - _DAY
    form = report_filter(request.GET or None, scope.branch_path, usual)
    form.is_valid()
    return form, queries.report_of(scope=scope, **form.asked(usual))


def _picture(report: Report) -> pictures.Picture:
    """The month day by day: as each day was closed, and as it is read."""
    labels = [f"{day.day:%m-%d}" for day in report.month]
    return pictures.bars(
        "issued-by-day", _("Cards issued by day"), labels,
        [
            Series(_("As closed"), [day.closed for day in report.month]),
            Series(_("As read"), [day.issued for day in report.month]),
        ],
    )  # fmt: skip


@require_safe
@requires(Permission.VIEW_FIGURES)
def sales_report_pdf(request: HttpRequest) -> HttpResponse:
    """This will hand over what the page shows as a PDF, and note that it was taken out."""
    _form, report = _asked(request)
    text = kpis.take_out(report=report, actor=staff_of(request), at=clock.now())
    answer = HttpResponse(text, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="sales-{report.day}.pdf"'
    return answer


@require_POST
@requires(Permission.VIEW_FIGURES)
def sales_report_mail(request: HttpRequest) -> HttpResponse:
    """This will note whether the person wants the report by mail."""
    is_wanted = request.POST.get("wanted") == "yes"
    kpis.ask_for_mail(staff=staff_of(request), is_wanted=is_wanted, at=clock.now())
    said = _("The report comes by mail on workdays.") if is_wanted else _("No report by mail.")
    messages.success(request, said)
    return redirect("sales_report")
