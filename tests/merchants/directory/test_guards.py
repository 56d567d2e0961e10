"""What the database refuses of the directory, whoever asks."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from merchants.models import DataClause, Merchant, MerchantContract, MerchantMerge
from tests.factories.merchants import ClauseFactory, ContractFactory, MerchantFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(2026, 1, 10), dt.date(2026, 12, 31)


def refusal(make: object) -> str:
    """What the database says, by the name of the constraint or in its words."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        make()  # type: ignore[operator]
    diagnosis = refused.value.__cause__.diag  # type: ignore[union-attr]
    return diagnosis.constraint_name or diagnosis.message_primary


@pytest.mark.parametrize(
    ("first", "last", "is_refused"),
    [
        (LAST, None, True),
        (LAST + DAY, None, False),
        (FIRST - 30 * DAY, FIRST, True),
        (FIRST - 30 * DAY, FIRST - DAY, False),
        (FIRST + DAY, FIRST + 2 * DAY, True),
        (FIRST - DAY, None, True),
    ],
)
def test_two_contracts_of_a_merchant_never_hold_on_one_day(
    first: dt.date, last: dt.date | None, is_refused: bool
) -> None:
    merchant = ContractFactory().merchant
    ContractFactory()  # another merchant's stands in nobody's way

    def make() -> None:
        ContractFactory(
            merchant=merchant, signed_date=first - DAY, first_date=first, last_date=last
        )

    if is_refused:
        assert refusal(make) == "merchant_contract_no_overlap"
    else:
        make()
    assert MerchantContract.objects.filter(merchant=merchant).count() == 2 - is_refused


def test_two_signed_clauses_never_hold_on_one_day_but_one_in_talks_beside() -> None:
    merchant = ClauseFactory().merchant
    ClauseFactory(merchant=merchant, state="talks", first_date=None, last_date=None)

    def make() -> None:
        ClauseFactory(merchant=merchant, first_date=LAST, last_date=LAST + DAY)

    assert refusal(make) == "data_clause_no_overlap"
    ClauseFactory(merchant=merchant, first_date=LAST + DAY, last_date=LAST + DAY)
    assert DataClause.objects.filter(merchant=merchant).count() == 3


# Codes of GB 32100-2015's own pattern, the first two of companies that publish theirs.
@pytest.mark.parametrize("code", ["91110000600037341L", "91440300708461136T", ""])
def test_a_credit_code_whose_check_sign_fits_is_taken(code: str) -> None:
    assert MerchantFactory(credit_code=code).credit_code == code


@pytest.mark.parametrize("code", ["91110000600037341M", "91110000600037314L", "91440300708461163T"])
def test_a_credit_code_with_a_slip_is_refused(code: str) -> None:
    assert refusal(lambda: MerchantFactory(credit_code=code)) == "merchant_credit_code_checks"


def test_the_database_reckons_the_check_sign_as_the_files_do() -> None:
    from portal.intake.rules import cells

    for number in range(200):
        body = f"9{'1235'[number % 4]}3301{number % 90 + 10:02d}MA2X{number * 7919 % 10**5:05d}"[
            :17
        ]
        sign = cells.company_check_sign(body)
        MerchantFactory(credit_code=body + sign)
        wrong = "0" if sign != "0" else "1"
        name = refusal(lambda code=body + wrong: MerchantFactory(credit_code=code))
        assert name == "merchant_credit_code_checks"


@pytest.mark.parametrize("code", ["33", "330000", "3301", "330100", "330106", "441900", ""])
def test_a_merchant_stands_in_a_division_that_exists(code: str) -> None:
    assert MerchantFactory(division_code=code).division_code == code


@pytest.mark.parametrize("code", ["990000", "330199", "33010", "330106001"])
def test_a_division_that_does_not_exist_is_refused(code: str) -> None:
    words = refusal(lambda: MerchantFactory(division_code=code))
    assert words == f"there is no division {code}"
    merchant = MerchantFactory(division_code="330106")
    assert refusal(
        lambda: Merchant.objects.filter(pk=merchant.pk).update(division_code=code)
    ) == f"there is no division {code}"  # fmt: skip


def test_aliases_are_flat_and_of_another() -> None:
    kept, other = MerchantFactory(), MerchantFactory()
    alias = MerchantFactory(merged_into=kept)

    def merge(row: Merchant, into: Merchant) -> None:
        Merchant.objects.filter(pk=row.pk).update(merged_into=into)

    assert "alias of an alias" in refusal(lambda: merge(other, alias))
    assert "alias of an alias" in refusal(lambda: merge(kept, other))
    assert refusal(lambda: merge(other, other)) == "merchant_not_into_itself"
    partner = MerchantFactory(is_partner=True)
    assert refusal(lambda: merge(partner, other)) == "merchant_merged_is_no_partner"
    merge(alias, other)
    merge(kept, other)
    assert set(Merchant.objects.filter(merged_into=other)) == {alias, kept}


def test_a_merge_is_of_two() -> None:
    one = MerchantFactory()
    at = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    assert refusal(
        lambda: MerchantMerge.objects.create(
            kept=one, merged=one, moved={}, reason="x", by=StaffFactory(), at=at
        )
    ) == "merchant_merge_of_two"  # fmt: skip
