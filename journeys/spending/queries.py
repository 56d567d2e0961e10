"""Reading card transactions."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.conf import settings
from django.db import connection
from django.db.models import Q, Sum
from django.db.models.functions import TruncMonth

from journeys.spending import rules
from journeys.spending.models import Transaction
from portal.kit import clock


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


# Each card's latest transactions come from the cards' index, which is in the order of days; what
# was posted without a time, or with one of another day, stands at the day's first instant.
_LATEST = """
SELECT found.id, found.at FROM journeys_card card CROSS JOIN LATERAL (
    SELECT dated.id, dated.at FROM (
        SELECT t.id, t.posted_date,
               CASE WHEN (t.posted_at AT TIME ZONE %(zone)s)::date = t.posted_date
                    THEN t.posted_at ELSE t.posted_date::timestamp AT TIME ZONE %(zone)s END AS at
        FROM journeys_transaction t
        WHERE t.card_id = card.id AND t.customer_id = %(customer_id)s
          AND t.posted_date <= %(day)s
    ) AS dated
    WHERE (dated.at, dated.id) < (%(at)s, %(before_id)s)
    ORDER BY dated.posted_date DESC, dated.at DESC, dated.id DESC LIMIT %(limit)s
) AS found
WHERE card.customer_id = %(customer_id)s
ORDER BY found.at DESC, found.id DESC LIMIT %(limit)s
"""


def latest_of(
    *, customer_id: int, at: dt.datetime, before_id: int, limit: int
) -> list[tuple[dt.datetime, Transaction]]:
    """This will return a customer's latest transactions before (`at`, `before_id`), the latest
    first, each with its instant, card and merchant. Of each card no more than `limit` are read.
    """
    values = {
        "customer_id": customer_id, "at": at, "day": clock.bank_day(at), "before_id": before_id,
        "limit": limit, "zone": settings.TIME_ZONE,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, values)
        instants = dict(cursor.fetchall())
    rows = Transaction.objects.filter(pk__in=instants).select_related("merchant", "card")
    by_id = {row.pk: row for row in rows}
    return [(instant, by_id[key]) for key, instant in instants.items()]


def spent_by_month(
    *, card_ids: Sequence[int], first: dt.date, end: dt.date
) -> dict[dt.date, Decimal]:
    """This will sum the net spending on cards by month, from `first` to before `end`; answered by
    the cards' index alone."""
    rows = (
        Transaction.objects.filter(
            card_id__in=card_ids, posted_date__gte=first, posted_date__lt=end
        )
        .annotate(month=TruncMonth("posted_date"))
        .values("month")
        .annotate(total=Sum("amount"))
        .order_by("month")
    )
    return {row["month"]: row["total"] for row in rows}


def latest_months(on: dt.date, count: int) -> Sequence[dt.date]:
    """This will return the first days of the latest `count` months, that of `on` being the last."""
    return rules.months_back(on, count)
