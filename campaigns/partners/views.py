"""What joint campaigns brought about, as a part of a partnership's page."""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from campaigns.partners import queries, rules
from merchants.allocation import queries as funds
from merchants.partnerships import queries as partnerships
from portal.kit import clock, parts
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

# So far back the campaigns of a partnership are shown.
_YEAR = dt.timedelta(days=365)


@requires(Permission.VIEW_MERCHANTS)
@parts.part_of("partnership_page", "partnership_id")
def partnership_returns(request: HttpRequest, partnership_id: int) -> HttpResponse:
    """This will show of each joint campaign of the last year what it brought about at the
    partner, against those it left out, or why that is not known."""
    staff, on = staff_of(request), clock.today()
    row = partnerships.one_partnership(scope=scope_of(staff), partnership_id=partnership_id)
    if row is None:
        raise Http404
    found = queries.returns_of(merchant_ids=[row.merchant_id], since=on - _YEAR, on=on)
    income = funds.incomes_of(merchant_ids=[row.merchant_id], on=on).get(row.merchant_id)
    context = {
        "rows": [
            {
                "of": one,
                "last_day": one.end_date - dt.timedelta(days=1),
                "known": str(one.known),
                "extra": one.gain and one.gain.extra,
                "per_head": one.gain and one.gain.per_head,
                "returned": one.gain and rules.returned(one.gain.extra, income),
            }
            for one in found
        ],
        "income": income,
        "fewest": rules.FEWEST_COMPARED,
        "may_see_campaigns": staff.may(Permission.VIEW_CAMPAIGNS),
        "begins": row if row.is_open and staff.may(Permission.EDIT_CAMPAIGNS) else None,
    }
    return render(request, "campaigns/partners/_returns.html", context)
