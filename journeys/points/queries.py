"""Reading the points ledger."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F, QuerySet, Sum

from journeys.points.enums import PointsKind
from journeys.points.models import PointsBatch, PointsEntry


@dataclass(frozen=True)
class Account:
    """A customer's points: the balance, which is the sum of the ledger, and the batches that have
    something left, the soonest to expire first."""

    balance: int
    batches: list[PointsBatch]

    @property
    def owed(self) -> int:
        """Points redeemed beyond what there was; the next ones earned pay them first."""
        return sum(batch.left for batch in self.batches) - self.balance


def balance_of(customer_id: int) -> int:
    """This will return a customer's balance: the sum of the entries."""
    rows = PointsEntry.objects.filter(customer_id=customer_id)
    return rows.aggregate(total=Sum("points"))["total"] or 0


def account_of(*, customer_id: int) -> Account:
    """This will return a customer's balance and batches."""
    left = PointsBatch.objects.filter(
        customer_id=customer_id, points__gt=F("used") + F("expired")
    ).order_by(F("expires_date").asc(nulls_last=True), "on_date", "entry_id")
    return Account(balance_of(customer_id), list(left))


def latest_entries(*, customer_id: int, limit: int) -> QuerySet[PointsEntry]:
    """This will return a customer's latest entries, the latest first."""
    rows = PointsEntry.objects.filter(customer_id=customer_id)
    return rows.select_related("batch").order_by("-on_date", "-id")[:limit]


def earned_entries() -> Iterator[tuple[str, int, dt.date, dt.date, int]]:
    """This will walk through all earned points, customer by customer and month by month:
    (customer number, customer id, day, day of expiry, points)."""
    rows = PointsEntry.objects.filter(kind=PointsKind.EARNED).order_by("customer_id", "on_date")
    fields = ("customer__number", "customer_id", "on_date", "expires_date", "points")
    return rows.values_list(*fields).iterator(chunk_size=5000)
