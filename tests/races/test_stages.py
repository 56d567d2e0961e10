"""Two writers at once about the same customer leave the stage that follows from both."""

import threading
from pathlib import Path

import pytest
from django.db import connection, transaction

from journeys.models import CustomerStage
from journeys.points import operations as points
from journeys.stages import operations
from tests.factories.intake import AT, make_bank, take
from tests.factories.journeys import DAY, CustomerFactory, ProductFactory
from tests.factories.portal import BranchFactory


@pytest.mark.django_db(transaction=True)
def test_a_card_and_redeemed_points_at_once(tmp_path: Path) -> None:
    make_bank()
    customer = CustomerFactory(number="C2", branch=BranchFactory(code="B002"))
    ProductFactory()
    use = points.PointsUse("r1", customer.pk, "redeemed", 5, DAY)
    ended: list[str] = []

    def redeem() -> None:
        try:
            points.take_points(uses=[use], at=AT)
        finally:
            ended.append("redeemed")
            connection.close()

    other = threading.Thread(target=redeem)
    with transaction.atomic():
        take(
            tmp_path, "cards",
            "reference,customer,product,branch,issued_date\nK9,C2,GOLD,B001,2026-02-01\n",
        )  # fmt: skip
        other.start()
        other.join(timeout=1)
        # The other waits for the stage: it must see this card.
        assert ended == []
    other.join(timeout=30)
    row = CustomerStage.objects.get(customer=customer)
    assert (row.stage, f"{row.issued_date}", row.loyalty_date) == ("loyalty", "2026-02-01", DAY)
    assert operations.refresh_stages(customer_ids=[customer.pk]) == 0
