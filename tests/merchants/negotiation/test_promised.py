"""What a merchant brought of the turnover that it signed to bring at least."""

import datetime as dt
from decimal import Decimal

import pytest

from merchants.models import Negotiation
from merchants.negotiation.queries import promised_known
from merchants.partnerships import queries as partnerships
from merchants.partnerships.rules.evidence import Measure
from tests.factories import negotiation as made
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
SIGNED = dt.date(2026, 6, 21)


def bound(least: int = 240_000) -> Negotiation:
    """Signed on 21 June for a year, with a least turnover; 10,000 were taken in each month."""
    row = made.in_stage("signing", both={"minimum_turnover": Decimal(least)})
    made.signed(row, on=SIGNED)
    for place in range(-3, 15):
        year, month = divmod(5 + place, 12)
        row_of(
            "merchants.MerchantTurnover", merchant=row.partnership.merchant,
            day=dt.date(2026 + year, month + 1, 20), amount=Decimal(10_000), purchases=9,
        )  # fmt: skip
    return row


def known(row: Negotiation, on: dt.date) -> list[Measure]:
    key = row.partnership.merchant_id
    return list(promised_known([key], on).get(key, ()))


@pytest.mark.parametrize(
    ("on", "share", "first", "end"),
    [
        ("2026-10-01", "50.0", "2026-07-01", "2026-10-01"),
        ("2027-02-17", "50.0", "2026-07-01", "2027-02-01"),
        ("2027-06-20", "50.0", "2026-07-01", "2027-06-01"),
    ],
)
def test_whole_months_of_the_contract_are_held_against_their_part_of_the_year(
    on: str, share: str, first: str, end: str
) -> None:
    [found] = known(bound(), dt.date.fromisoformat(on))
    assert (found.code, found.value, str(found.first), str(found.end)) == (
        "turnover_promised", Decimal(share), first, end,
    )  # fmt: skip


@pytest.mark.parametrize("on", ["2026-06-20", "2026-09-30", "2027-06-21"])
def test_nothing_is_told_of_fewer_than_three_months_or_without_terms_in_force(on: str) -> None:
    assert known(bound(), dt.date.fromisoformat(on)) == []


def test_nothing_is_told_where_nothing_was_promised_or_the_source_is_late() -> None:
    assert known(bound(least=0), dt.date(2027, 1, 5)) == []
    row, on = bound(), dt.date(2027, 1, 4)  # a Monday
    merchant = row.partnership.merchant
    late = {"code": "late", "day": "2026-12-07"}
    row_of("merchants.EvidenceOfTurnover", merchant=merchant, on=on, reasons=[late])
    [found] = known(row, on)
    assert (found.value, str(found.end)) == (Decimal("50.0"), "2026-12-01")
    shown = partnerships.evidence_of(partnerships=[row.partnership], on=on)
    assert shown[row.partnership_id].value("turnover_promised") == Decimal("50.0")
