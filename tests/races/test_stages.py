"""Two writers at once about the same customer leave the stage that follows from both."""

import threading
from pathlib import Path

import pytest
from django.db import connection, transaction

from journeys.models import CustomerStage, StageCount
from journeys.points import operations as points
from journeys.stages import operations, rules
from tests.factories.intake import AT, make_bank, take
from tests.factories.journeys import DAY, CustomerFactory, ProductFactory
from tests.factories.portal import BranchFactory
from tests.races.threads import wait_for


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
        wait_for(1)  # for the stage: it must see this card
        assert ended == []
    other.join()
    row = CustomerStage.objects.get(customer=customer)
    assert (row.stage, f"{row.issued_date}", row.loyalty_date) == ("loyalty", "2026-02-01", DAY)
    assert operations.refresh_stages(customer_ids=[customer.pk]) == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_take_stages_away_without_the_lock_leave_right_counts() -> None:
    """The counts are read, added to and written back: without a lock one would undo the other."""
    branch = BranchFactory(code="B001")
    rows = [CustomerFactory(branch=branch) for _number in range(4)]
    operations.refresh_stages()
    ended: list[str] = []

    def take_away() -> None:
        try:
            CustomerStage.objects.filter(customer=rows[1]).delete()
        finally:
            ended.append("taken")
            connection.close()

    other = threading.Thread(target=take_away)
    with transaction.atomic():
        CustomerStage.objects.filter(customer=rows[0]).delete()
        other.start()
        wait_for(1)
        assert ended == []
    other.join()
    assert set(StageCount.objects.values_list("level", "step", "customers__0")) == {
        (level, 0, 2) for level in rules.LEVELS
    }
