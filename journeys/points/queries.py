"""Reading the points ledger."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Sum

from journeys.points.enums import PointsKind
from journeys.points.models import PointsEntry


def balance_of(customer_id: int) -> int:
    """This will return a customer's balance: the sum of the entries."""
    rows = PointsEntry.objects.filter(customer_id=customer_id)
    return rows.aggregate(total=Sum("points"))["total"] or 0


def earned_entries() -> Iterator[tuple[str, int, dt.date, dt.date, int]]:
    """This will walk through all earned points, customer by customer and month by month:
    (customer number, customer id, day, day of expiry, points)."""
    rows = PointsEntry.objects.filter(kind=PointsKind.EARNED).order_by("customer_id", "on_date")
    fields = ("customer__number", "customer_id", "on_date", "expires_date", "points")
    return rows.values_list(*fields).iterator(chunk_size=5000)
