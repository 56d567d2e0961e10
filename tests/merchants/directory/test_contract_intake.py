"""The file of contracts and of the clauses on data that were signed with them."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from merchants.directory import operations as directory
from merchants.models import DataClause, MerchantContract
from portal.kit import clock
from tests.factories.merchants import ContractFactory, MerchantFactory
from tests.factories.portal import StaffFactory
from tests.merchants.directory.test_intake import AT, came, load
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ROW: dict[str, Any] = {
    "number": "HT1", "merchant": "M1", "signed_date": "2026-01-05", "first_date": "2026-01-10",
    "last_date": "2026-12-31", "notice_days": "30", "renewal": "automatic", "renewal_months": "12",
    "clause_purposes": "", "clause_data": "", "clause_handling": "",
}  # fmt: skip
CLAUSE = {
    "clause_purposes": "settlement、Redemption", "clause_data": "卡号后四位",
    "clause_handling": "九十日内删除",
}  # fmt: skip
NEXT = ROW | {"number": "HT2", "first_date": "2027-01-01", "last_date": "2027-12-31"}


@pytest.fixture(autouse=True)
def _shops() -> None:
    MerchantFactory(number="M1")
    MerchantFactory(number="M2")


def kept() -> list[tuple[Any, ...]]:
    rows = MerchantContract.objects.order_by("number")
    return list(rows.values_list("number", "merchant__number", "last_date", "renewal_months"))


def clauses() -> list[tuple[Any, ...]]:
    rows = DataClause.objects.order_by("id")
    return list(rows.values_list("merchant__number", "state", "purposes", "first_date"))


def test_contracts_and_their_clauses_come_in_once(tmp_path: Path) -> None:
    rows = [ROW | CLAUSE, NEXT]
    assert came(load(tmp_path, "merchant_contracts", *rows)) == (2, 0, 0, 0)
    assert kept() == [
        ("HT1", "M1", dt.date(2026, 12, 31), 12), ("HT2", "M1", dt.date(2027, 12, 31), 12),
    ]  # fmt: skip
    first = dt.date(2026, 1, 10)
    assert clauses() == [("M1", "signed", ["redemption", "settlement"], first)]
    assert came(load(tmp_path, "merchant_contracts", *rows, name="again")) == (0, 0, 2, 0)
    assert len(clauses()) == 1
    until_notice = {**NEXT, "last_date": "", "renewal": "none", "renewal_months": ""}
    assert came(load(tmp_path, "merchant_contracts", until_notice, name="new")) == (0, 1, 0, 0)
    assert kept()[1] == ("HT2", "M1", None, None)


def test_what_a_file_lacks_stays(tmp_path: Path) -> None:
    load(tmp_path, "merchant_contracts", ROW | CLAUSE)
    short = {name: ROW[name] for name in ("number", "merchant", "signed_date", "first_date")}
    report = load(tmp_path, "merchant_contracts", short, name="short")
    assert came(report) == (0, 0, 1, 0)
    assert kept() == [("HT1", "M1", dt.date(2026, 12, 31), 12)]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"merchant": "M9"}, "unknown_merchant"),
        ({"last_date": "2026-01-10"}, "ends_too_early"),
        ({"last_date": "2026-01-09"}, "ends_too_early"),
        ({"signed_date": "2026-02-01", "last_date": "2026-01-31"}, "signed_too_late"),
        ({"notice_days": "367"}, "notice_too_long"),
        ({"renewal_months": ""}, "renewal_unsaid"),
        ({"renewal_months": "61"}, "renewal_unsaid"),
        ({"renewal": "talks"}, "renewal_unsaid"),
        ({"last_date": ""}, "renewal_unsaid"),
        ({"renewal": "perhaps"}, "no_such_choice"),
        ({"first_date": "2026-13-01"}, "not_a_day"),
        ({**CLAUSE, "clause_data": ""}, "clause_unsaid"),
        ({"clause_handling": "x"}, "clause_unsaid"),
        ({**CLAUSE, "last_date": "", "renewal": "none", "renewal_months": ""}, "clause_unsaid"),
        ({**CLAUSE, "clause_purposes": "redemption gossip"}, "no_such_purpose"),
    ],
)
def test_a_bad_row_stays_out_with_its_reason_and_the_good_one_comes_in(
    tmp_path: Path, values: dict[str, str], reason: str
) -> None:
    good = {**ROW, "number": "HT9", "merchant": "M2"}
    report = load(tmp_path, "merchant_contracts", {**ROW, **values}, good)
    assert came(report) == (1, 0, 0, 1)
    assert [code for code, number in report.reasons.items() if number] == [reason]
    assert [(row[0], row[1]) for row in kept()] == [("HT9", "M2")]
    assert clauses() == []


def test_no_two_contracts_of_a_merchant_hold_on_one_day(tmp_path: Path) -> None:
    load(tmp_path, "merchant_contracts", ROW)
    last_day = {**NEXT, "first_date": "2026-12-31"}
    report = load(tmp_path, "merchant_contracts", last_day, name="meets")
    assert (came(report), report.reasons) == ((0, 0, 0, 1), {"contract_overlaps": 1})
    both = [{**NEXT, "merchant": "M2"}, {**NEXT, "number": "HT3", "merchant": "M2"}]
    report = load(tmp_path, "merchant_contracts", *both, NEXT | {"number": "HT4"}, name="two")
    assert (came(report), report.reasons) == ((2, 0, 0, 1), {"contract_overlaps": 1})
    assert [row[0] for row in kept()] == ["HT1", "HT2", "HT4"]


def test_a_number_stays_with_its_merchant_and_a_merged_one_counts_as_the_other(
    tmp_path: Path,
) -> None:
    load(tmp_path, "merchant_contracts", ROW)
    report = load(tmp_path, "merchant_contracts", {**ROW, "merchant": "M2"}, name="other")
    assert (came(report), report.reasons) == ((0, 0, 0, 1), {"other_merchant": 1})
    gone = MerchantFactory(number="M3")
    directory.merge_merchants(
        kept=MerchantContract.objects.get().merchant, merged=gone, reason="同一家",
        actor=StaffFactory(), at=AT,
    )  # fmt: skip
    assert came(load(tmp_path, "merchant_contracts", {**NEXT, "merchant": "M3"}, name="m")) == (
        1, 0, 0, 0,
    )  # fmt: skip
    assert kept()[1][1] == "M1"


def test_a_clause_that_was_signed_never_says_anything_else(tmp_path: Path) -> None:
    load(tmp_path, "merchant_contracts", ROW | CLAUSE)
    before = clauses()
    more = {**ROW, **CLAUSE, "clause_data": "姓名与手机号"}
    report = load(tmp_path, "merchant_contracts", more, name="more")
    assert (came(report), report.reasons) == ((0, 0, 0, 1), {"clause_overlaps": 1})
    assert clauses() == before
    later = {**NEXT, **CLAUSE, "clause_data": "姓名与手机号"}
    assert came(load(tmp_path, "merchant_contracts", later, name="later")) == (1, 0, 0, 0)
    assert len(clauses()) == 2


def test_a_contract_that_was_signed_here_keeps_its_days(tmp_path: Path) -> None:
    contract = row_of("merchants.SignedTerms").contract
    facts = {
        "number": contract.number, "merchant": contract.merchant.number,
        "signed_date": str(contract.signed_date), "first_date": str(contract.first_date),
        "last_date": str(contract.last_date),
    }  # fmt: skip
    on = {"at": clock.start_of(contract.signed_date)}
    assert came(load(tmp_path, "merchant_contracts", facts, **on)) == (0, 0, 1, 0)
    later = {**facts, "last_date": str(contract.last_date + dt.timedelta(days=30))}
    report = load(tmp_path, "merchant_contracts", later, name="later", **on)
    assert (came(report), report.reasons) == ((0, 0, 0, 1), {"signed_here": 1})
    contract.refresh_from_db()
    assert str(contract.last_date) == facts["last_date"]


def test_a_contract_of_the_directory_is_corrected(tmp_path: Path) -> None:
    row = ContractFactory(number="HT1", merchant=MerchantFactory(number="M5"))
    facts = {**ROW, "merchant": "M5", "last_date": "2026-11-30"}
    assert came(load(tmp_path, "merchant_contracts", facts)) == (0, 1, 0, 0)
    row.refresh_from_db()
    assert row.last_date == dt.date(2026, 11, 30)
