"""Whether the figures agree with the facts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from journeys.kpis import operations as kpis
from journeys.kpis import queries
from journeys.kpis.forms import RecountForm
from portal.kit import clock, tables
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission


@require_safe
@requires(Permission.KEEP_FIGURES)
def figure_proof_list(request: HttpRequest) -> HttpResponse:
    """This will show the proofs of the nights, and each figure that differs by the newest."""
    return _show(request, RecountForm())


def _show(request: HttpRequest, form: RecountForm, status: int = 200) -> HttpResponse:
    newest = queries.newest_proof()
    context = {
        "newest": newest,
        "gaps": queries.gaps_of(newest) if newest else [],
        "page": tables.page_of(request, queries.proofs()),
        "waiting": queries.marked_days(),
        "form": form,
    }
    return render(request, "journeys/kpis/figure_proof_list.html", context, status=status)


@require_POST
@requires(Permission.KEEP_FIGURES)
def figure_recount(request: HttpRequest) -> HttpResponse:
    """This will have the days counted again whose figures differ."""
    form = RecountForm(request.POST)
    if not form.is_valid():
        return _show(request, form, 422)
    try:
        days = kpis.recount_days(
            reason=form.cleaned_data["reason"], actor=staff_of(request), at=clock.now()
        )
    except kpis.NothingDiffers:
        messages.error(request, _("By the newest proof nothing differs: there is nothing to do."))
    else:
        said = _("Days that are counted again within some minutes: {days}. What changes is marked.")
        messages.success(request, said.format(days=len(days)))
    return redirect("figure_proof_list")
