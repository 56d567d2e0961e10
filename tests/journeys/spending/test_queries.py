"""Sums of spending."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from journeys.spending import queries, rules
from journeys.spending.enums import RefundDoubt
from tests.factories.journeys import CardFactory, TransactionFactory
from tests.factories.merchants import MerchantFactory
from tests.project.rows import row_of

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
    assert found == {
        dt.date(2026, 2, 1): rules.MonthOfMerchant(Decimal(10), 1, 0),
        dt.date(2026, 3, 1): rules.MonthOfMerchant(Decimal(71), 2, 1),
    }


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
def test_turnover_that_a_file_told_counts_and_once_where_both_know_a_day() -> None:
    shop, told = MerchantFactory(), MerchantFactory()
    middle, end = DAY + dt.timedelta(days=30), DAY + dt.timedelta(days=60)
    TransactionFactory(card=CardFactory(), merchant=shop, posted_date=DAY, amount=Decimal(5))
    for merchant, day, amount in ((shop, DAY, 12), (told, DAY, 1), (told, middle, 8)):
        row_of("merchants.MerchantTurnover", merchant=merchant, day=day, amount=Decimal(amount))
    found = queries.turnover_of(merchant_ids=[shop.pk, told.pk], before=DAY, middle=middle, end=end)
    assert found == {shop.pk: (Decimal(12), Decimal(0)), told.pk: (Decimal(1), Decimal(8))}


@pytest.mark.django_db
def test_the_latest_transactions_of_all_cards_come_first() -> None:
    card = CardFactory()
    other = CardFactory(customer=card.customer)
    noon = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)
    timed = TransactionFactory(card=card, posted_date=DAY, posted_at=noon)
    untimed = TransactionFactory(card=other, posted_date=DAY)
    # A time of another day than the day of posting is not believed.
    odd = TransactionFactory(card=card, posted_date=DAY, posted_at=noon + dt.timedelta(days=5))
    young = TransactionFactory(card=other, posted_date=DAY + dt.timedelta(days=1))
    TransactionFactory()

    def found(at: dt.datetime, before: int, limit: int = 10) -> list[object]:
        rows = queries.latest_of(customer_id=card.customer_id, at=at, before_id=before, limit=limit)
        return [posting.row for _instant, posting in rows]

    late = noon + dt.timedelta(days=2)
    assert found(late, 0) == [young, timed, odd, untimed]
    assert found(late, 0, limit=2) == [young, timed]
    assert found(noon, timed.pk) == [odd, untimed]
    assert found(noon, timed.pk + 1) == [timed, odd, untimed]
    midnight = dt.datetime(2026, 3, 1, 16, tzinfo=dt.UTC)
    rows = queries.latest_of(customer_id=card.customer_id, at=noon, before_id=0, limit=9)
    assert [instant for instant, _row in rows] == [midnight, midnight]
    assert found(midnight, odd.pk) == [untimed]


@pytest.mark.django_db
def test_spending_by_month_is_net_and_of_these_cards_alone() -> None:
    card = CardFactory()
    for day, amount in (
        (DAY, 100),
        (DAY, -30),
        (dt.date(2026, 4, 1), 7),
        (dt.date(2026, 2, 28), 9),
    ):
        TransactionFactory(card=card, posted_date=day, amount=Decimal(amount))
    TransactionFactory(posted_date=DAY)
    found = queries.spent_by_month(
        card_ids=[card.pk], first=dt.date(2026, 3, 1), end=dt.date(2026, 4, 2)
    )
    assert found == {dt.date(2026, 3, 1): Decimal(70), dt.date(2026, 4, 1): Decimal(7)}
    months = queries.latest_months(dt.date(2026, 1, 31), 3)
    assert [f"{month:%Y-%m}" for month in months] == ["2025-11", "2025-12", "2026-01"]


def latest(card: Any, limit: int = 9) -> list[queries.Posting]:
    rows = queries.latest_of(
        customer_id=card.customer_id,
        at=dt.datetime(2026, 12, 31, tzinfo=dt.UTC),
        before_id=0,
        limit=limit,
    )
    return [posting for _instant, posting in rows]


@pytest.mark.django_db
def test_a_refund_is_shown_with_its_purchase_and_a_purchase_with_what_was_given_back() -> None:
    card = CardFactory()
    bought = TransactionFactory(card=card, amount=Decimal(50))
    for number, amount in enumerate((20, 10), start=1):
        TransactionFactory(
            card=card, amount=Decimal(-amount), refund_of=bought.reference,
            posted_date=DAY + dt.timedelta(days=number),
        )  # fmt: skip
    found = latest(card)
    shown = [(row.refunded, row.purchase, row.doubt) for row in found]
    assert shown == [(0, bought, None), (0, bought, None), (Decimal(30), None, None)]
    # Also where the purchase lies before what is shown.
    first = latest(card, limit=1)
    assert [row.purchase for row in first] == [bought]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("amount", "kind", "same_card", "doubt"),
    [
        (50, "purchase", True, None),
        (49, "purchase", True, RefundDoubt.TOO_MUCH),
        (50, "purchase", False, RefundDoubt.OTHER_CARD),
        (-50, "refund", True, RefundDoubt.NO_PURCHASE),
        (None, "", True, RefundDoubt.UNKNOWN),
    ],
)
def test_what_is_doubtful_about_a_refund(
    amount: int | None, kind: str, same_card: bool, doubt: RefundDoubt | None
) -> None:
    card = CardFactory()
    if amount is not None:
        other = card if same_card else CardFactory()
        TransactionFactory(reference="T1", card=other, amount=Decimal(amount), kind=kind)
    TransactionFactory(
        reference="R1", card=card, amount=Decimal(-50), refund_of="T1",
        posted_date=DAY + dt.timedelta(days=1),
    )  # fmt: skip
    found = latest(card)
    assert found[0].doubt == doubt
    assert [row[0] for row in queries.doubtful_refunds()] == ([doubt] if doubt else [])


@pytest.mark.django_db
def test_a_purchase_of_which_too_much_was_given_back_says_so() -> None:
    card = CardFactory()
    TransactionFactory(reference="T1", card=card, amount=Decimal(10))
    TransactionFactory(card=card, amount=Decimal(-11), refund_of="T1", posted_date=DAY)
    found = latest(card)
    assert [row.doubt for row in found] == [RefundDoubt.TOO_MUCH] * 2
