"""The page of the funnel of acquiring partners."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from merchants.prospects import queries
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


@require_safe
@requires(Permission.VIEW_MERCHANTS)
def prospect_funnel(request: HttpRequest) -> HttpResponse:
    """This will show what became of leads, with intervals; who cannot be told apart is not
    ranked."""
    staff = staff_of(request)
    context = {
        "funnel": queries.funnel(scope=scope_of(staff)),
        "may_import": staff.may(Permission.IMPORT_FILES),
    }
    return render(request, "merchants/prospects/funnel.html", context)
