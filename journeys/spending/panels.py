"""Home panels about spending."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from journeys.spending import queries, rules
from merchants.directory import queries as merchants
from portal.kit import clock
from portal.staff.access import staff_of
from portal.staff.enums import Role

_SPAN = dt.timedelta(days=30)
_MOVERS = 5


def my_merchants(request: HttpRequest) -> dict[str, Any] | None:
    """This will give a relationship manager the turnover of the own merchants: the last 30 days
    against the 30 before, and the merchants that moved most."""
    staff = staff_of(request)
    if staff.role != Role.RELATIONSHIP_MANAGER:
        return None
    ids = merchants.own_merchant_ids(staff_id=staff.pk)
    end = clock.today() + dt.timedelta(days=1)
    middle = end - _SPAN
    sums = queries.turnover_of(merchant_ids=ids, before=middle - _SPAN, middle=middle, end=end)
    earlier = sum((row[0] for row in sums.values()), Decimal(0))
    later = sum((row[1] for row in sums.values()), Decimal(0))
    moves = rules.top_movers(sums, _MOVERS)
    known = merchants.by_id(ids=[move.merchant_id for move in moves])
    return {
        "count": len(ids),
        "earlier": earlier,
        "later": later,
        "percent": rules.change_in_percent(earlier, later),
        "movers": [{"move": move, "merchant": known[move.merchant_id]} for move in moves],
    }
