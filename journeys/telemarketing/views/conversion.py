"""What became of the leads, by whom or what they are credited to."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from journeys.telemarketing import queries, rules
from journeys.telemarketing.enums import CreditTo
from journeys.telemarketing.forms import ConversionFilter
from portal.kit import clock
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_USUAL = 180


@require_safe
@requires(Permission.ASSIGN_LEADS)
def lead_conversion(request: HttpRequest) -> HttpResponse:
    """This will show what became of the leads of the person's branches; a filter that is wrong is
    left out."""
    today = clock.today()
    usual: dict[str, Any] = {
        "by": CreditTo.CALLER.value, "first": today - dt.timedelta(days=_USUAL), "last": today,
    }  # fmt: skip
    form = ConversionFilter(request.GET or None, initial=usual)
    said = form.cleaned_data if form.is_valid() else {}
    asked = {name: said.get(name) or usual[name] for name in usual}
    by = CreditTo(asked["by"])
    found = queries.conversion(
        scope=scope_of(staff_of(request)), by=by, first=asked["first"], last=asked["last"]
    )
    context = {
        "form": form, "found": found, "by": by, "asked": asked, "fewest": queries.FEWEST,
        "within": rules.WITHIN_DAYS,
    }  # fmt: skip
    return render(request, "journeys/telemarketing/lead_conversion.html", context)
