"""Contracts that go on unless notice is given."""

import datetime as dt
from typing import Any

import pytest

from merchants.directory import operations
from merchants.directory.rules import goes_on_until, last_day
from merchants.models import MerchantContract
from merchants.partnerships import queries as partnerships
from portal.audit.models import AuditEntry
from tests.factories import negotiation
from tests.factories.merchants import ContractFactory, MerchantFactory
from tests.factories.partnerships import begun
from tests.factories.portal import StaffFactory

AT = dt.datetime(2026, 12, 2, 4, tzinfo=dt.UTC)
LAST, DAY = dt.date(2026, 12, 31), dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("last", "months", "notice", "on", "until"),
    [
        ("2026-12-31", 12, 30, "2026-12-01", "2026-12-31"),
        ("2026-12-31", 12, 30, "2026-12-02", "2027-12-31"),
        ("2026-12-31", 12, 0, "2026-12-31", "2026-12-31"),
        ("2026-12-31", 12, 0, "2027-01-01", "2027-12-31"),
        ("2023-06-30", 6, 30, "2026-01-15", "2026-06-30"),
        ("2026-02-28", 1, 0, "2026-03-01", "2026-03-31"),
        ("2026-01-31", 1, 40, "2026-01-10", "2026-02-28"),
    ],
)
def test_until_when_a_contract_goes_on(
    last: str, months: int, notice: int, on: str, until: str
) -> None:
    days = [dt.date.fromisoformat(text) for text in (last, on, until)]
    assert goes_on_until(days[0], months=months, notice_days=notice, on=days[1]) == days[2]


def contract(**values: Any) -> MerchantContract:
    usual = {"renewal": "automatic", "renewal_months": 12, "notice_days": 30}
    row: MerchantContract = ContractFactory(**{**usual, **values})
    return row


@pytest.mark.django_db
def test_a_contract_goes_on_once_the_last_day_of_notice_has_passed() -> None:
    row = contract()
    assert operations.extend_contracts(on=LAST - 30 * DAY, at=AT) == 0
    assert operations.extend_contracts(on=LAST - 29 * DAY, at=AT) == 1
    assert operations.extend_contracts(on=LAST - 29 * DAY, at=AT) == 0
    row.refresh_from_db()
    assert row.last_date == dt.date(2027, 12, 31)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor) == ("merchant_contract.went_on", None)
    assert entry.changes == {
        "merchant": row.merchant.number,
        "last_date": {"before": "2026-12-31", "after": "2027-12-31"},
    }


@pytest.mark.django_db
def test_a_partnership_stands_on_a_contract_that_went_on() -> None:
    """It was told to have none once its first span was over."""
    row = begun()
    contract(merchant=row.merchant)
    on = LAST + 9 * DAY
    operations.extend_contracts(on=on, at=AT)
    known = partnerships.evidence_of(partnerships=[row], on=on)[row.pk]
    assert known.value("contract_days") == 356
    assert partnerships.facts_of(row, evidence=known, on=on).has_contract


@pytest.mark.django_db
def test_notice_a_contract_that_follows_and_other_ends_leave_the_last_day() -> None:
    facts = operations.ContractFacts(
        "HT-1", dt.date(2026, 1, 5), dt.date(2026, 1, 10), LAST, 30, "automatic", 12, ""
    )
    merchant, actor = MerchantFactory(), StaffFactory()
    noticed = operations.save_contract(
        merchant=merchant, contract=None, facts=facts, actor=actor, at=AT
    )
    operations.save_contract(
        merchant=merchant, contract=noticed, actor=actor, at=AT,
        facts=operations.ContractFacts(
            "HT-1", dt.date(2026, 1, 5), dt.date(2026, 1, 10), LAST, 30, "none", None, ""
        ),
    )  # fmt: skip
    followed = contract()
    ContractFactory(merchant=followed.merchant, first_date=LAST + DAY, last_date=LAST + 300 * DAY)
    contract(renewal="talks", renewal_months=None)
    gone = contract()
    type(gone.merchant).objects.filter(pk=gone.merchant_id).update(merged_into=followed.merchant)
    before = list(MerchantContract.objects.order_by("id").values_list())
    assert operations.extend_contracts(on=LAST + DAY, at=AT) == 0
    assert list(MerchantContract.objects.order_by("id").values_list()) == before


@pytest.mark.django_db
def test_what_a_negotiation_signed_ends_as_its_terms_say_and_others_go_on() -> None:
    talks = negotiation.in_stage("signing")
    day = negotiation.FIRST + 10 * DAY
    last = last_day(day, 12)
    row = contract(
        merchant=talks.partnership.merchant, signed_date=day, first_date=day, last_date=last
    )
    negotiation.signed(talks, on=day, number=row.number)
    other = contract(first_date=day, signed_date=day, last_date=last)
    assert operations.extend_contracts(on=last, at=AT) == 1
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.last_date, other.last_date) == (last, last_day(last + DAY, 12))
