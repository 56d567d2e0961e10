"""Reading snapshots of activity."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, Sum

from journeys.activity.models import ActivitySnapshot
from portal.staff.access import Scope


@dataclass(frozen=True)
class Inactive:
    """How many customers of a product were inactive for so many months as of a day."""

    product: str
    months: int
    customers: int
    purchases: int


def latest_day(*, scope: Scope) -> dt.date | None:
    """This will return the latest day as of which a snapshot of a scope was taken."""
    rows = ActivitySnapshot.objects.filter(scope.branches("customer__branch"))
    return rows.aggregate(latest=Max("taken_date"))["latest"]


def by_inactivity(*, scope: Scope, on: dt.date) -> list[Inactive]:
    """This will count the rows as of a day by product and months of inactivity, with their
    transactions."""
    rows = (
        ActivitySnapshot.objects.filter(scope.branches("customer__branch"), taken_date=on)
        .values("product__code", "months_inactive")
        .annotate(customers=Count("id"), bought=Sum("purchases"))
        .order_by("product__code", "months_inactive")
    )
    return [
        Inactive(row["product__code"], row["months_inactive"], row["customers"], row["bought"] or 0)
        for row in rows
    ]
