"""The file of transactions, and the day of a card's first use that follows from it."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from journeys.models import Card, Transaction
from tests.factories.intake import counts_of, errors_of, make_bank, take

HEADER = "reference,card,kind,amount,posted_date\n"
FULL = (
    "reference,card,kind,amount,posted_date,posted_time,merchant,mcc,channel,division_code,"
    "refund_of\n"
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bank() -> None:
    make_bank()


def first_used(reference: str = "K1") -> dt.date | None:
    return Card.objects.get(reference=reference).first_used_date


def test_every_column_arrives(tmp_path: Path) -> None:
    row = "T1,K1,refund,128.5,2026-03-10,23:30:05,M1,5812,qr,440305,T0\n"
    assert counts_of(take(tmp_path, "transactions", FULL + row)) == (1, 0, 0, 0)
    found = Transaction.objects.get()
    assert (found.reference, found.card.reference, found.customer.number, found.kind) == (
        "T1", "K1", "C1", "refund",
    )  # fmt: skip
    assert (found.amount, found.posted_date, found.merchant.number) == (
        Decimal("-128.50"), dt.date(2026, 3, 10), "M1",
    )  # fmt: skip
    assert (found.mcc, found.channel, found.division_code, found.refund_of) == (
        "5812", "qr", "440305", "T0",
    )  # fmt: skip
    # Half past eleven at night in Shanghai is half past three in the afternoon in UTC.
    assert found.posted_at == dt.datetime(2026, 3, 10, 15, 30, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("T1,K9,,5,2026-03-10,,,,,,", "card",
         "There is no card with this reference; import the file of cards first."),
        ("T1,K1,,5,2026-03-10,,M9,,,,", "merchant", "There is no merchant with this number."),
        ("T1,K1,purchase,5,2026-03-10,,,,,,T0", "refund_of",
         "Only a refund can name the purchase that it refunds."),
        ("T1,K1,refund,5,2026-03-10,,,,,,T1", "refund_of", "A refund cannot refund itself."),
        ("T1,K1,refund,-5,2026-03-10,,,,,,", "amount", "The amount must be above 0."),
        ("T1,K1,,5,2026-03-10,25:00,,,,,", "posted_time",
         "This is not a time; write it as 13:05:00."),
    ],
)  # fmt: skip
def test_bad_transactions(tmp_path: Path, row: str, column: str, reason: str) -> None:
    report = take(tmp_path, "transactions", FULL + row + "\n")
    found = [(line.split(",")[1], line.split(",", 3)[3]) for line in errors_of(report)]
    assert found == [(column, reason)]
    assert (Transaction.objects.count(), first_used()) == (0, None)


def test_first_use_is_the_earliest_purchase(tmp_path: Path) -> None:
    rows = "T1,K1,purchase,5,2026-03-10\nT2,K1,purchase,5,2026-03-09\nT3,K1,refund,5,2026-03-08\n"
    take(tmp_path, "transactions", HEADER + rows)
    assert (first_used("K1"), first_used("K2")) == (dt.date(2026, 3, 9), None)


def test_an_earlier_purchase_that_arrives_later_counts(tmp_path: Path) -> None:
    take(tmp_path, "transactions", HEADER + "T1,K1,purchase,5,2026-03-10\n")
    take(tmp_path, "transactions", HEADER + "T2,K1,purchase,5,2026-03-07\n")
    assert first_used() == dt.date(2026, 3, 7)


def test_first_use_follows_a_correction(tmp_path: Path) -> None:
    rows = "T1,K1,purchase,5,2026-03-08\nT2,K1,purchase,5,2026-03-10\n"
    take(tmp_path, "transactions", HEADER + rows)
    take(tmp_path, "transactions", HEADER + "T1,K1,purchase,5,2026-03-11\n")
    assert first_used() == dt.date(2026, 3, 10)
    take(tmp_path, "transactions", HEADER + "T2,K1,refund,5,2026-03-10\n")
    assert first_used() == dt.date(2026, 3, 11)
    report = take(tmp_path, "transactions", HEADER + "T1,K2,purchase,5,2026-03-11\n")
    assert counts_of(report) == (0, 1, 0, 0)
    assert (first_used("K1"), first_used("K2")) == (None, dt.date(2026, 3, 11))


def test_a_correction_keeps_the_time_unless_it_says_that_there_is_none(tmp_path: Path) -> None:
    take(tmp_path, "transactions", FULL + "T1,K1,,5,2026-03-10,18:00,M1,,,,\n")
    take(tmp_path, "transactions", HEADER + "T1,K1,purchase,5,2026-03-11\n")
    found = Transaction.objects.get()
    at = dt.datetime(2026, 3, 11, 10, tzinfo=dt.UTC)
    assert (found.posted_at, found.merchant.number) == (at, "M1")
    take(tmp_path, "transactions", FULL + "T1,K1,,5,2026-03-11,,M1,,,,\n")
    assert Transaction.objects.get().posted_at is None
