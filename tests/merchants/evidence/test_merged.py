"""What was merged is judged with the merchant that was kept, and not by itself."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest

from journeys.models import MerchantDay
from merchants.directory import operations as directory
from merchants.evidence import operations, queries
from merchants.evidence.queries import turnover
from merchants.evidence.rules.findings import Suggestion
from merchants.models import EvidenceOfTurnover, Merchant, WeeksOfTurnover
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import StaffFactory
from tests.merchants.evidence.shops import group_of
from tests.merchants.evidence.test_operations import AT, END, ON, shops
from tests.project.evidence_rows import CHANGED
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
DAY = END - dt.timedelta(days=1)


def merged(kept: Merchant, gone: Merchant) -> None:
    directory.merge_merchants(
        kept=kept, merged=gone, reason="同一家店", actor=StaffFactory(), at=AT
    )


def posted(shop: Merchant, amount: int) -> None:
    MerchantDay.objects.create(merchant=shop, day=DAY, amount=amount, purchases=7, refunds=0)


def filed(shop: Merchant, amount: int) -> None:
    row_of(
        "merchants.MerchantTurnover", merchant=shop, day=DAY, amount=Decimal(amount), purchases=3
    )


def falls() -> list[Suggestion]:
    return [one for one in queries.suggested_phases(on=ON) if one.phase == "wavering"]


def test_turnover_of_either_source_adds_up_over_what_was_merged() -> None:
    first, kept, gone, other, last = (MerchantFactory() for _place in range(5))
    for shop in (first, kept, gone, other, last):
        posted(shop, 1)
    filed(gone, 20)  # of its day the file counts: of the kept one's own day it says nothing
    filed(other, 300)
    merged(kept, gone)
    merged(kept, other)
    known = turnover.known_weeks(END)
    assert known.merchant_ids.tolist() == [first.pk, kept.pk, last.pk]
    assert known.weekly.amounts[:, -1].tolist() == [1.0, 321.0, 1.0]
    assert known.weekly.postings[:, -1].tolist() == [7.0, 13.0, 7.0]
    assert known.is_mixed.tolist() == [False, True, False]


def test_two_halves_are_judged_as_one_and_the_suggestion_names_the_one_that_stands() -> None:
    amounts = group_of(12)
    amounts[3, -12:] *= 0.5
    halves = np.vstack([amounts, amounts[3] * 0.4])
    halves[3] *= 0.6
    made = shops(halves)
    kept, gone = made[3], made[12]
    operations.evaluate_turnover(on=ON - dt.timedelta(days=7), at=AT)
    operations.evaluate_turnover(on=ON, at=AT)
    before = EvidenceOfTurnover.objects.get(merchant=kept, on=END)
    assert {one.number for one in falls()} == {kept.number, gone.number}
    merged(kept, gone)
    assert [one.number for one in falls()] == [kept.number]
    operations.evaluate_turnover(on=ON, at=AT)
    [one] = falls()
    assert one.number == kept.number
    assert before.usual is not None
    assert one.finding.usual == pytest.approx(before.usual / Decimal("0.6"), rel=Decimal("0.1"))
    days = EvidenceOfTurnover.objects.filter(merchant=gone).values_list("on", flat=True)
    assert list(days) == [END - dt.timedelta(days=7)]  # what was known then stays
    assert not WeeksOfTurnover.objects.filter(merchant=gone).exists()
    assert operations.evaluate_turnover(on=ON, at=AT).written == 0


def test_lists_leave_out_what_was_merged_before_the_next_night() -> None:
    kept, gone = MerchantFactory(is_partner=True), MerchantFactory(is_partner=True)
    row_of("merchants.EvidenceOfTurnover", merchant=gone, on=END, **CHANGED)
    for shop in (kept, gone):
        row_of("merchants.WeeksOfTurnover", merchant=shop, on=END)
    merged(kept, gone)
    assert queries.suggested_phases(on=ON) == []
    assert queries.suggested_phases(on=ON, among=[kept.pk, gone.pk]) == []
    everybody = Merchant.objects.all()
    assert [row.merchant for row in queries.weeks_within(everybody)] == [kept]
