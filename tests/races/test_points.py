"""Points under race: nights, late redemptions and files at once."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db.models import Sum

from journeys.models import PointsBatch, PointsEntry
from journeys.points import operations
from journeys.points.operations import PointsUse
from portal.intake import operations as intake
from tests.factories.intake import AT
from tests.factories.journeys import DAY, CustomerFactory
from tests.races.threads import in_threads

LATER = DAY + dt.timedelta(days=30)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_nights_and_late_redemptions_at_once_end_as_in_order(attempt: int) -> None:
    customers = [CustomerFactory() for _number in range(6)]
    for customer in customers:
        PointsEntry.objects.create(
            reference=f"e{customer.pk}", customer=customer, kind="earned", points=100,
            on_date=DAY, expires_date=DAY + dt.timedelta(days=10),
        )  # fmt: skip
    uses = [
        PointsUse(f"r{row.pk}", row.pk, "redeemed", 30, DAY + dt.timedelta(days=5))
        for row in customers
    ]
    rows = [
        {"reference": f"x{row.pk}", "customer": row.number, "kind": "redeemed", "points": "20",
         "on_date": str(DAY)}
        for row in customers
    ]  # fmt: skip

    def expire() -> object:
        return operations.expire_points(on=LATER, at=AT)

    def redeem() -> object:
        return operations.take_points(uses=uses, at=AT)

    def load() -> object:
        return intake.import_rows(
            kind="points", rows=rows, actor=None, at=AT, source_name=f"test{attempt}"
        )

    works: list[Callable[[], object]] = [expire, redeem, load, expire, redeem, expire]
    in_threads(len(works), lambda place: works[place]())
    expire()
    for customer in customers:
        batch = PointsBatch.objects.get(customer=customer)
        assert (batch.used, batch.expired, batch.left) == (50, 50, 0)
        total = PointsEntry.objects.filter(customer=customer).aggregate(total=Sum("points"))
        assert total["total"] == 0
