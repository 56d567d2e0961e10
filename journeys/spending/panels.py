"""Home panels about spending, and what it adds to a customer's timeline."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from journeys.spending import queries, rules
from journeys.spending.enums import TransactionKind
from merchants.directory import queries as merchants
from portal.kit import clock, timeline
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


def story(asked: timeline.Asked) -> list[timeline.Row]:
    """This will tell a customer's purchases and refunds."""
    return [
        timeline.Row(
            at=at,
            id=row.pk,
            title=row.merchant.label if row.merchant else str(row.get_kind_display()),
            detail=" · ".join(_details(row)),
            amount=row.amount,
            tone="success" if row.kind == TransactionKind.REFUND else "",
            has_time=row.posted_at is not None,
        )
        for at, row in queries.latest_of(
            customer_id=asked.customer_id, at=asked.at, before_id=asked.id, limit=asked.limit
        )
    ]


def _details(row: Any) -> list[str]:
    kind = str(row.get_kind_display())
    refunded = _("refund of {reference}").format(reference=row.refund_of) if row.refund_of else kind
    return [part for part in (refunded, str(row.card), str(row.get_channel_display())) if part]
