"""The points ledger: earned once a month, taken once."""

import datetime as dt
from decimal import Decimal

import pytest

from journeys.models import PointsEntry
from journeys.points import operations, queries
from journeys.points.operations import PointsUse
from tests.factories.journeys import INSTANT, CardFactory, CustomerFactory, TransactionFactory

FIRST, END = dt.date(2026, 2, 1), dt.date(2026, 4, 1)


@pytest.mark.django_db
def test_a_months_net_spending_earns_one_point_a_yuan_once() -> None:
    card = CardFactory()
    for day, amount in (
        (dt.date(2026, 1, 31), "500"), (dt.date(2026, 2, 1), "100.90"),
        (dt.date(2026, 2, 28), "-20.00"), (dt.date(2026, 3, 31), "7.99"),
        (dt.date(2026, 4, 1), "500"),
    ):  # fmt: skip
        TransactionFactory(card=card, posted_date=day, amount=Decimal(amount))
    assert operations.earn_from_spending(first=FIRST, end=END, at=INSTANT) == 2
    assert operations.earn_from_spending(first=FIRST, end=END, at=INSTANT) == 0
    rows = PointsEntry.objects.order_by("on_date")
    assert [(row.points, row.on_date, row.expires_date) for row in rows] == [
        (80, dt.date(2026, 3, 1), dt.date(2027, 3, 1)),
        (7, dt.date(2026, 4, 1), dt.date(2027, 4, 1)),
    ]
    assert queries.balance_of(card.customer_id) == 87


@pytest.mark.django_db
def test_a_month_that_was_given_back_earns_nothing() -> None:
    card = CardFactory()
    TransactionFactory(card=card, posted_date=FIRST, amount=Decimal("0.99"))
    TransactionFactory(posted_date=FIRST, amount=Decimal("-40"))
    assert operations.earn_from_spending(first=FIRST, end=END, at=INSTANT) == 0
    assert not PointsEntry.objects.exists()


@pytest.mark.django_db
def test_points_are_earned_by_whole_months_only() -> None:
    with pytest.raises(operations.NotWholeMonths):
        operations.earn_from_spending(first=dt.date(2026, 2, 2), end=END, at=INSTANT)
    assert not PointsEntry.objects.exists()


@pytest.mark.django_db
def test_points_are_taken_once() -> None:
    customer = CustomerFactory()
    use = PointsUse("r1", customer.pk, "redeemed", 30, FIRST)
    operations.take_points(uses=[use], at=INSTANT)
    operations.take_points(uses=[use], at=INSTANT)
    assert queries.balance_of(customer.pk) == -30


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "points"), [("redeemed", 0), ("expired", -5), ("earned", 5)])
def test_a_use_must_be_positive_and_no_earning(kind: str, points: int) -> None:
    use = PointsUse("r1", CustomerFactory().pk, kind, points, FIRST)
    with pytest.raises(operations.WrongSign):
        operations.take_points(uses=[use], at=INSTANT)
    assert not PointsEntry.objects.exists()
