"""Reading card transactions."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from journeys.spending.models import Transaction


def recent_of(
    *, customer_id: int, card_ids: Sequence[int], limit: int = 20
) -> QuerySet[Transaction]:
    """This will return a customer's latest transactions, found by the cards' index."""
    rows = Transaction.objects.filter(card_id__in=card_ids, customer_id=customer_id)
    return rows.select_related("merchant", "card").order_by("-posted_date", "-id")[:limit]


def turnover_by_month(*, merchant_id: int, first: dt.date, end: dt.date) -> dict[dt.date, Decimal]:
    """This will sum a merchant's net turnover by month, from `first` to before `end`."""
    rows = (
        Transaction.objects.filter(
            merchant_id=merchant_id, posted_date__gte=first, posted_date__lt=end
        )
        .annotate(month=TruncMonth("posted_date"))
        .values("month")
        .annotate(total=Sum("amount"))
        .order_by("month")
    )
    return {row["month"]: row["total"] for row in rows}


def turnover_of(
    *, merchant_ids: Sequence[int], before: dt.date, middle: dt.date, end: dt.date
) -> dict[int, tuple[Decimal, Decimal]]:
    """This will sum the net turnover of merchants over two half-open spans: from `before` to
    `middle`, and from `middle` to `end`. A merchant without any is left out."""
    rows = (
        Transaction.objects.filter(
            merchant_id__in=merchant_ids, posted_date__gte=before, posted_date__lt=end
        )
        .values("merchant_id")
        .annotate(
            earlier=Sum("amount", filter=Q(posted_date__lt=middle), default=Decimal(0)),
            later=Sum("amount", filter=Q(posted_date__gte=middle), default=Decimal(0)),
        )
        .order_by("merchant_id")
    )
    return {row["merchant_id"]: (row["earlier"], row["later"]) for row in rows}
