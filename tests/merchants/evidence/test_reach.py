"""Who paid at merchants, counted by whole months."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from merchants.directory import operations as directory
from merchants.evidence import queries
from merchants.evidence.operations import count_reach
from merchants.evidence.rules import months
from merchants.models import Merchant, MerchantReach
from merchants.partnerships import queries as partnerships
from portal.models import AuditEntry
from tests.factories import partnerships as made
from tests.factories.journeys import ApplicationFactory, CardFactory, TransactionFactory
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 6, 3)
AT = dt.datetime(2026, 6, 3, 1, tzinfo=dt.UTC)
MAY = dt.date(2026, 5, 1)
FRIDAY, SATURDAY = dt.date(2026, 5, 8), dt.date(2026, 5, 9)


def paid(shop: Merchant, card: Any, day: dt.date, amount: int = 10, kind: str = "purchase") -> None:
    TransactionFactory(
        merchant=shop, card=card, customer=card.customer, posted_date=day, kind=kind,
        amount=Decimal(amount),
    )  # fmt: skip


def kept() -> dict[tuple[int, str, str], tuple[int, int, int]]:
    return {
        (row.merchant_id, f"{row.month:%m}", row.part): (
            row.customers, row.purchases, int(row.amount),
        )
        for row in MerchantReach.objects.order_by("id")
    }  # fmt: skip


@pytest.mark.parametrize(
    ("on", "before", "first"),
    [
        (dt.date(2026, 3, 31), 0, dt.date(2026, 3, 1)),
        (dt.date(2026, 3, 31), 3, dt.date(2025, 12, 1)),
        (dt.date(2026, 1, 1), 13, dt.date(2024, 12, 1)),
    ],
)
def test_months_are_reckoned_by_their_first_days(on: dt.date, before: int, first: dt.date) -> None:
    assert months.first_of(on, before) == first


def test_each_customer_counts_once_in_a_month_in_its_parts_and_in_three_months() -> None:
    shop, one, two = MerchantFactory(), CardFactory(), CardFactory()
    paid(shop, one, FRIDAY)
    paid(shop, one, SATURDAY, 20)
    paid(shop, one, SATURDAY, 5)
    paid(shop, one, SATURDAY, -5, "refund")
    paid(shop, two, dt.date(2026, 4, 1), 7)
    paid(shop, two, dt.date(2026, 6, 1), 99)  # its month is not over
    assert count_reach(on=ON, at=AT, spans=2) == 7
    assert kept() == {
        (shop.pk, "04", "month"): (1, 1, 7), (shop.pk, "04", "workdays"): (1, 1, 7),
        (shop.pk, "04", "quarter"): (1, 1, 7), (shop.pk, "05", "month"): (1, 3, 35),
        (shop.pk, "05", "workdays"): (1, 1, 10), (shop.pk, "05", "weekends"): (1, 2, 25),
        (shop.pk, "05", "quarter"): (2, 4, 42),
    }  # fmt: skip
    assert AuditEntry.objects.filter(action="reach.counted").count() == 1


def test_the_most_that_one_customer_paid_stands_beside_each_sum() -> None:
    shop, one, two = MerchantFactory(), CardFactory(), CardFactory()
    paid(shop, one, FRIDAY, 30)
    paid(shop, one, SATURDAY, 20)
    paid(shop, two, SATURDAY, 45)
    paid(shop, two, dt.date(2026, 4, 1), 9)
    count_reach(on=ON, at=AT, spans=1)
    found = {row.part: int(row.largest) for row in MerchantReach.objects.all()}
    assert found == {"month": 50, "workdays": 30, "weekends": 45, "quarter": 54}


def test_the_same_again_writes_nothing_and_what_came_late_is_put_right() -> None:
    shop, gone, one = MerchantFactory(), MerchantFactory(), CardFactory()
    paid(shop, one, FRIDAY)
    paid(gone, one, FRIDAY)
    count_reach(on=ON, at=AT)
    assert count_reach(on=ON, at=AT) == 0
    directory.merge_merchants(
        kept=shop, merged=gone, reason="同一家店", actor=StaffFactory(), at=AT
    )
    paid(shop, CardFactory(), SATURDAY)
    count_reach(on=ON, at=AT)
    found = queries.reach_by_month(merchant_ids=[shop.pk, gone.pk], first=MAY, end=ON)
    assert list(found) == [shop.pk]
    row = found[shop.pk][MAY]
    assert (row.customers, row.purchases) == (2, 3)
    assert queries.quarters_before(merchant_ids=[shop.pk], on=ON)[shop.pk].customers == 2


def test_a_move_keeps_who_came_and_which_cards_were_won_there() -> None:
    row = made.begun()
    taken = ApplicationFactory(merchant=row.merchant)
    CardFactory(application=taken, issued_date=ON - dt.timedelta(days=90))
    CardFactory(application=taken, issued_date=ON - dt.timedelta(days=91))
    CardFactory(application=taken, issued_date=ON - dt.timedelta(days=1), is_primary=False)
    row_of(
        "merchants.MerchantReach", merchant=row.merchant, month=MAY, part="quarter", customers=5,
        purchases=9,
    )  # fmt: skip
    other = made.begun()
    row_of(
        "merchants.MerchantReach", merchant=other.merchant, month=MAY, part="quarter", customers=4,
        purchases=9,
    )  # fmt: skip
    known = partnerships.evidence_of(partnerships=[row, other], on=ON)
    assert known[row.pk].value("customers") == 5
    assert known[row.pk].value("new_cards") == 1
    assert known[other.pk].value("customers") is None  # so few may be single persons
    assert known[other.pk].value("new_cards") == 0
