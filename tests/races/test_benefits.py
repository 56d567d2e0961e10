"""Desks, clocks and refunds that meet at one benefit."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from campaigns.benefits import operations as benefits
from campaigns.benefits import queries
from campaigns.models import Benefit, BenefitEntry, GrantReversal, UsedBefore
from campaigns.rewards import operations as rewards
from portal.intake import operations as intake
from portal.models import Staff
from tests.factories import benefits as made
from tests.factories.benefits import LAST
from tests.factories.journeys import DAY, TransactionFactory
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import StaffFactory
from tests.factories.rewards import AT, ON, used_card
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)

DESKS = 8


@pytest.fixture
def clerk() -> Staff:
    return StaffFactory(role="branch_manager")


def tried(row: Benefit, clerk: Staff, **more: Any) -> bool:
    try:
        made.use(row, clerk, **more)
    except benefits.UseRefused:
        return False
    return True


def test_of_two_desks_that_record_the_last_use_one_wins(clerk: Staff) -> None:
    row = made.given()
    made.use(row, clerk, units=2)
    assert sum(in_threads(DESKS, lambda _place: tried(row, clerk))) == 1
    row.refresh_from_db()
    assert (row.left, BenefitEntry.objects.count()) == (0, 2)


def test_one_visit_is_recorded_by_one_desk(clerk: Staff) -> None:
    row = made.given()
    assert sum(in_threads(DESKS, lambda _place: tried(row, clerk, left_shown=3))) == 1
    row.refresh_from_db()
    assert row.left == 2


def test_a_voucher_shown_at_several_desks_counts_once(clerk: Staff) -> None:
    version = made.version_of_lounge()
    rows = [made.given(version) for _number in range(DESKS)]
    voucher = {"merchant_id": MerchantFactory().pk, "reference": "V1"}
    assert sum(in_threads(DESKS, lambda place: tried(rows[place], clerk, **voucher))) == 1
    assert BenefitEntry.objects.count() == 1


def test_a_use_is_undone_once(clerk: Staff) -> None:
    row = made.given()
    used = made.use(row, clerk)

    def undo(_place: int) -> bool:
        try:
            benefits.undo_use(entry_id=used.pk, reason="x", scope=made.ALL, actor=clerk, at=AT)
        except benefits.UseRefused:
            return False
        return True

    assert sum(in_threads(DESKS, undo)) == 1
    row.refresh_from_db()
    assert row.left == 3


def test_uses_that_come_late_and_two_clocks_lose_nothing(clerk: Staff) -> None:
    rows = [made.given(made.version_of_lounge()) for _number in range(6)]
    at = dt.datetime.combine(LAST + dt.timedelta(days=1), dt.time(4), tzinfo=dt.UTC)
    on = LAST + dt.timedelta(days=1)

    def act(place: int) -> None:
        if place < 2:
            benefits.expire_benefits(on=on, at=at)
        for row in rows:
            tried(row, clerk, used_date=LAST, at=at)

    in_threads(4, act)
    benefits.expire_benefits(on=on, at=at)
    for row in Benefit.objects.all():
        stands = queries.standing_of(row)
        assert (stands.left, stands.used, stands.expired) == (0, 3, 0), "four tried, three fit"


def test_a_use_and_a_refund_at_once_take_back_only_what_was_not_used(clerk: Staff) -> None:
    version = made.version_of_lounge()
    rows = []
    for _number in range(6):
        card = used_card(issued_date=DAY)
        TransactionFactory(card=card, amount=Decimal(600), posted_date=DAY)
        rows.append(made.given(version, card))
        TransactionFactory(card=card, kind="refund", amount=Decimal(-600), posted_date=DAY)

    def act(place: int) -> int:
        if place:
            return rewards.reopen_grants(on=ON, at=AT)
        return sum(tried(row, clerk) for row in rows)

    used, taken = in_threads(2, act)
    assert taken == len(rows)
    assert UsedBefore.objects.count() == used
    assert GrantReversal.objects.count() == len(rows) - used
    assert set(Benefit.objects.values_list("left", flat=True)) == {0}


def sent(row: Benefit, **more: str) -> int:
    """How many uses a partner's file of one row records of a benefit."""
    line = {"partner": "M1", "reference": "R1", "customer": row.customer.number,
            "benefit": str(row.pk), "used_date": str(ON), "units": "1"}  # fmt: skip
    report = intake.import_rows(
        kind="benefit_uses", rows=[line | more], actor=None, at=AT, source_name="uses", shown=1
    )
    return report.rows_new


def test_desks_and_files_share_what_is_left(clerk: Staff) -> None:
    MerchantFactory(number="M1")
    row = made.given()

    def use(place: int) -> int:
        return sent(row, reference=f"R{place}") if place % 2 else tried(row, clerk)

    assert sum(in_threads(DESKS, use)) == 3
    row.refresh_from_db()
    assert (row.left, BenefitEntry.objects.count()) == (0, 3)
    (figures,) = queries.figures()
    assert (figures.used, figures.left) == (3, 0)


def test_one_file_that_comes_several_times_at_once_counts_once() -> None:
    MerchantFactory(number="M1")
    row = made.given()
    assert sum(in_threads(DESKS, lambda _place: sent(row))) == 1
    row.refresh_from_db()
    assert row.left == 2


def test_counts_are_gathered_while_uses_come(clerk: Staff) -> None:
    rows = [made.given(made.version_of_lounge()) for _number in range(DESKS // 2)]

    def work(place: int) -> bool:
        if place % 2:
            return benefits.gather_counts() >= 0
        return tried(rows[place // 2], clerk)

    assert all(in_threads(DESKS, work))
    figures = queries.figures()
    assert sum(one.used for one in figures) == len(rows)
    assert sum(one.grants for one in figures) == len(rows)
    benefits.gather_counts()
    assert queries.figures() == figures
