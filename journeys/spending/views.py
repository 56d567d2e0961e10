"""What spending adds to the pages of others."""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from journeys.spending import queries, rules
from merchants.directory import queries as merchants
from portal.kit import charts, clock, fewest, money, parts
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_MONTHS = 12


@requires(Permission.VIEW_MERCHANTS)
@parts.part_of("merchant_page", "number")
def merchant_turnover(request: HttpRequest, number: str) -> HttpResponse:
    """This will show a merchant's turnover of the last twelve months, as a part of its page."""
    merchant = merchants.one_merchant(scope=scope_of(staff_of(request)), number=number)
    if merchant is None:
        raise Http404
    on = clock.today()
    months = rules.months_back(on, _MONTHS)
    found = queries.turnover_by_month(
        merchant_id=merchant.pk, first=months[0], end=on + dt.timedelta(days=1)
    )
    rows = [(month, found.get(month, rules.MonthOfMerchant())) for month in months]
    bars = [
        charts.Bar(f"{month:%Y-%m}", 0 if row.is_few else float(row.amount), _amount(row))
        for month, row in rows
    ]
    context = {
        "rows": [{"month": f"{month:%Y-%m}", "amount": _amount(row), "of": row}
                 for month, row in reversed(rows)],
        "chart": charts.bars_svg(bars, title=_("Turnover by month")),
        "fewest": fewest.FEWEST,
        "has_few": any(row.is_few for _month, row in rows),
        "is_empty": not found,
    }  # fmt: skip
    return render(request, "journeys/spending/_merchant_turnover.html", context)


def _amount(row: rules.MonthOfMerchant) -> str:
    return _("too few to show") if row.is_few else money.show(row.amount)
