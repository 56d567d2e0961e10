"""Home panels about spending, and what it adds to a customer's timeline."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from journeys.spending import queries, rules
from journeys.spending.enums import TransactionKind
from merchants.directory import queries as merchants
from portal.kit import clock, money, pictures, timeline
from portal.kit.registry import FiguresAsked
from portal.staff.access import scope_of, staff_of
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


def spending_days(request: HttpRequest, asked: FiguresAsked) -> dict[str, Any] | None:
    """This will give what was spent each day at the merchants that the asked branches keep, or at
    a relationship manager's own."""
    scope = scope_of(staff_of(request))
    days = queries.turnover_by_day(
        scope=scope, branch_path=asked.branch_path, first=asked.first, end=asked.end
    )
    if not days:
        return None
    own = _("Spending by day at your own merchants (CNY)")
    picture = pictures.calendar(
        "spending-days",
        _("Spending by day at the merchants (CNY)") if scope.own_staff_id is None else own,
        {day: float(amount) for day, amount in days.items()},
        name=_("Turnover (CNY)"),
        said=lambda value: f"{value:,.2f}",
        export="spending_days",
        note=_("Purchases less refunds, each on the day of posting."),
    )
    return {"picture": picture}


def story(asked: timeline.Asked) -> list[timeline.Row]:
    """This will tell a customer's purchases and refunds."""
    return [
        timeline.Row(
            at=at,
            id=posting.row.pk,
            title=posting.row.merchant.label
            if posting.row.merchant
            else str(posting.row.get_kind_display()),
            detail=" · ".join(_details(posting)),
            amount=posting.row.amount,
            tone=_tone(posting),
            has_time=posting.row.posted_at is not None,
        )
        for at, posting in queries.latest_of(
            customer_id=asked.customer_id, at=asked.at, before_id=asked.id, limit=asked.limit
        )
    ]


def _tone(posting: queries.Posting) -> str:
    if posting.doubt:
        return "warning"
    return "success" if posting.row.kind == TransactionKind.REFUND else ""


def _details(posting: queries.Posting) -> list[str]:
    row = posting.row
    kind, given, doubt = str(row.get_kind_display()), "", ""
    if posting.purchase:
        kind = _("refund of the purchase of {day} for {amount}").format(
            day=posting.purchase.posted_date, amount=money.show(posting.purchase.amount)
        )
    elif row.refund_of:
        kind = _("refund of {reference}").format(reference=row.refund_of)
    elif posting.refunded:
        given = _("given back: {amount}").format(amount=money.show(posting.refunded))
    if posting.doubt:
        doubt = str(posting.doubt.label)
    found = (kind, given, doubt, str(row.card), str(row.get_channel_display()))
    return [part for part in found if part]
