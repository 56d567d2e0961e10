"""Sums of spending."""

import datetime as dt
from decimal import Decimal

import pytest

from journeys.spending import queries
from tests.factories.journeys import CardFactory, TransactionFactory
from tests.factories.merchants import MerchantFactory

DAY = dt.date(2026, 3, 2)


@pytest.mark.django_db
def test_turnover_by_month_is_net_and_half_open() -> None:
    shop = MerchantFactory()
    card = CardFactory()
    for day, amount in (
        (dt.date(2026, 2, 28), 10), (DAY, 100), (DAY, -30), (dt.date(2026, 3, 31), 1),
        (dt.date(2026, 4, 1), 1000), (dt.date(2026, 1, 31), 1000),
    ):  # fmt: skip
        TransactionFactory(card=card, merchant=shop, posted_date=day, amount=Decimal(amount))
    TransactionFactory(card=card, posted_date=DAY)
    found = queries.turnover_by_month(
        merchant_id=shop.pk, first=dt.date(2026, 2, 1), end=dt.date(2026, 4, 1)
    )
    assert found == {dt.date(2026, 2, 1): Decimal(10), dt.date(2026, 3, 1): Decimal(71)}


@pytest.mark.django_db
def test_turnover_is_compared_over_two_spans() -> None:
    shop, empty = MerchantFactory(), MerchantFactory()
    card = CardFactory()
    before, middle, end = DAY, DAY + dt.timedelta(days=30), DAY + dt.timedelta(days=60)
    for day, amount in ((before, 5), (middle - dt.timedelta(days=1), 2), (middle, 30), (end, 500)):
        TransactionFactory(card=card, merchant=shop, posted_date=day, amount=Decimal(amount))
    found = queries.turnover_of(
        merchant_ids=[shop.pk, empty.pk], before=before, middle=middle, end=end
    )
    assert found == {shop.pk: (Decimal(7), Decimal(30))}


@pytest.mark.django_db
def test_the_latest_transactions_come_first() -> None:
    card = CardFactory()
    old = TransactionFactory(card=card, posted_date=DAY)
    young = TransactionFactory(card=card, posted_date=DAY + dt.timedelta(days=1))
    TransactionFactory()
    found = queries.recent_of(customer_id=card.customer_id, card_ids=[card.pk])
    assert [posting.row for posting in found] == [young, old]
    first = queries.recent_of(customer_id=card.customer_id, card_ids=[card.pk], limit=1)
    assert [posting.row for posting in first] == [young]
