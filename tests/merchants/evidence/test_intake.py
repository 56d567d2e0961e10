"""The file of merchants' turnover."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from merchants.models import MerchantTurnover
from tests.factories.intake import counts_of, errors_of, make_bank, take
from tests.factories.merchants import MerchantFactory

HEADER = "merchant,day,amount,purchases\n"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bank() -> None:
    make_bank()


def rows() -> list[tuple[str, dt.date, Decimal, int]]:
    found = MerchantTurnover.objects.order_by("day")
    return [(row.merchant.number, row.day, row.amount, row.purchases) for row in found]


def test_days_arrive_and_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    text = HEADER + 'M1,2026-03-02,"1,250.5",12\nM1,2026-03-03,-20,0\nM1,2026-03-04,0,\n'
    assert counts_of(take(tmp_path, "merchant_turnover", text)) == (3, 0, 0, 0)
    stands = [
        ("M1", dt.date(2026, 3, 2), Decimal("1250.50"), 12),
        ("M1", dt.date(2026, 3, 3), Decimal("-20.00"), 0),
        ("M1", dt.date(2026, 3, 4), Decimal("0.00"), 0),
    ]
    assert rows() == stands
    assert counts_of(take(tmp_path, "merchant_turnover", text)) == (0, 0, 3, 0)
    assert rows() == stands


def test_a_day_is_corrected_and_a_file_without_purchases_leaves_them(tmp_path: Path) -> None:
    take(tmp_path, "merchant_turnover", HEADER + "M1,2026-03-02,100,12\n")
    report = take(tmp_path, "merchant_turnover", "merchant,day,amount\nM1,2026-03-02,90\n")
    assert counts_of(report) == (0, 1, 0, 0)
    assert rows() == [("M1", dt.date(2026, 3, 2), Decimal("90.00"), 12)]


def test_an_older_state_of_a_day_is_left_out(tmp_path: Path) -> None:
    header = "merchant,day,amount,purchases,as_of\n"
    take(tmp_path, "merchant_turnover", header + "M1,2026-03-02,100,12,2026-03-09 18:00:00\n")
    older = take(
        tmp_path, "merchant_turnover", header + "M1,2026-03-02,90,11,2026-03-08 18:00:00\n"
    )
    assert older.rows_older == 1
    assert rows() == [("M1", dt.date(2026, 3, 2), Decimal("100.00"), 12)]


def test_one_day_of_two_merchants_is_two_rows_with_instants_of_their_own(tmp_path: Path) -> None:
    """What is known later of one merchant makes nothing older that is told of another."""
    MerchantFactory(number="M2")
    header = "merchant,day,amount,purchases,as_of\n"
    late = "M1,2026-03-02,100,12,2026-03-09 18:00:00\n"
    early = "M2,2026-03-02,50,5,2026-03-08 18:00:00\n"
    both = take(tmp_path, "merchant_turnover", header + late + early)
    assert (counts_of(both), both.rows_older) == ((2, 0, 0, 0), 0)
    MerchantTurnover.objects.filter(number="M2").delete()
    alone = take(tmp_path, "merchant_turnover", header + early, "alone.csv")
    assert (counts_of(alone), alone.rows_older) == ((1, 0, 0, 0), 0)


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("M9,2026-03-02,5,1", "merchant", "There is no merchant with this number."),
        ("M1,2026-13-02,5,1", "day", ""),
        ("M1,2026-03-02,--5,1", "amount", ""),
        ("M1,2026-03-02,1.234,1", "amount", ""),
        ("M1,2026-03-02,5,-1", "purchases", ""),
        ("M1,2026-03-02,5,1.5", "purchases", ""),
    ],
)
def test_a_bad_row_goes_to_a_file_and_the_good_ones_stay(
    tmp_path: Path, row: str, column: str, reason: str
) -> None:
    report = take(tmp_path, "merchant_turnover", HEADER + f"M1,2026-03-01,5,1\n{row}\n")
    assert counts_of(report) == (1, 0, 0, 1)
    [line] = errors_of(report)
    assert line.split(",")[:2] == ["3", column]
    assert reason in line
    assert rows() == [("M1", dt.date(2026, 3, 1), Decimal("5.00"), 1)]
