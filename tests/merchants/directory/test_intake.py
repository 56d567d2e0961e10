"""Files of merchants, stores and contact persons: what is taken in, refused, and left as it is."""

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from merchants.directory import operations as directory
from merchants.models import Merchant, MerchantContact, Store
from portal.intake import operations as intake
from portal.intake.rules import ImportReport
from portal.kit import sealed
from tests.factories.merchants import (
    CategoryFactory,
    ContactFactory,
    MerchantFactory,
    StoreFactory,
)
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)
MERCHANT = {
    "number": "M1", "name": "杭州山月餐饮有限公司", "name_en": "Shanyue",
    "legal_name": "杭州山月餐饮有限公司", "credit_code": "91440300708461136T", "mcc": "5812",
    "branch": "B1", "manager": "rm1", "division_code": "330106", "source": "acquiring",
    "joined_date": "2024-03-02",
}  # fmt: skip
STORE = {
    "number": "S1", "merchant": "M1", "name": "西湖店", "division_code": "330106",
    "address": "文三路100号", "state": "open", "opened_date": "2024-03-02", "closed_date": "",
}  # fmt: skip
PERSON = {
    "number": "P1", "merchant": "M1", "role": "manager", "name": "王小明",
    "phone": "13800001234", "email": "wang@shop.example", "is_main": "true", "left_date": "",
}  # fmt: skip


def load(
    folder: Path, kind: str, *rows: dict[str, Any], name: str = "file", at: dt.datetime = AT
) -> ImportReport:
    path = folder / f"{kind}-{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return intake.import_file(kind=kind, path=path, actor=StaffFactory(), at=at)


def came(report: ImportReport) -> tuple[int, int, int, int]:
    return report.rows_new, report.rows_changed, report.rows_same, report.rows_bad


@pytest.fixture
def _house() -> None:
    CategoryFactory()
    branch = BranchFactory(code="B1")
    StaffFactory(username="rm1", role="relationship_manager", branch=branch)


@pytest.mark.usefixtures("_house")
def test_merchants_come_in_once_and_no_file_makes_a_partner(tmp_path: Path) -> None:
    assert came(load(tmp_path, "merchants", MERCHANT)) == (1, 0, 0, 0)
    row = Merchant.objects.get()
    assert (row.name_pinyin, row.name_key, row.division_code, row.manager.username) == (  # type: ignore[union-attr]
        "hang zhou shan yue can yin you xian gong si", "hangzhoushanyuecanyin", "330106", "rm1",
    )  # fmt: skip
    assert (row.is_partner, row.credit_code, row.joined_date) == (
        False, "91440300708461136T", dt.date(2024, 3, 2),
    )  # fmt: skip
    Merchant.objects.update(is_partner=True)
    assert came(load(tmp_path, "merchants", MERCHANT, name="again")) == (0, 0, 1, 0)
    changed = {**MERCHANT, "name": "云朵里"}
    assert came(load(tmp_path, "merchants", changed, name="new")) == (0, 1, 0, 0)
    row.refresh_from_db()
    assert (row.name, row.name_key, row.is_partner) == ("云朵里", "yunduoli", True)


@pytest.mark.usefixtures("_house")
@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("number", "M/1", "not_in_address"),
        ("number", "13800001234", "phone"),
        ("credit_code", "91440300708461136X", "company_check_sign"),
        ("credit_code", "91440300", "not_a_company_code"),
        ("mcc", "9999", "unknown_mcc"),
        ("branch", "B9", "unknown_branch"),
        ("manager", "nobody", "no_manager"),
        ("division_code", "330199", "unknown_division"),
        ("division_code", "990000", "unknown_division"),
        ("source", "rumour", "no_such_choice"),
        ("name", "", "missing"),
    ],
)
def test_a_bad_merchant_stays_out_and_the_good_one_comes_in(
    tmp_path: Path, column: str, value: str, reason: str
) -> None:
    good = {**MERCHANT, "number": "M2"}
    report = load(tmp_path, "merchants", {**MERCHANT, column: value}, good)
    assert came(report) == (1, 0, 0, 1)
    assert [code for code, number in report.reasons.items() if number] == [reason] or (
        column == "number"
    )
    assert [row.number for row in Merchant.objects.all()] == ["M2"]


@pytest.mark.usefixtures("_house")
def test_who_left_or_has_another_role_is_given_no_merchant(tmp_path: Path) -> None:
    StaffFactory(username="gone", role="relationship_manager", is_active=False)
    StaffFactory(username="caller", role="telemarketer")
    rows = [
        {**MERCHANT, "number": f"M{place}", "manager": name}
        for place, name in enumerate(["gone", "caller", ""], start=1)
    ]
    assert came(load(tmp_path, "merchants", *rows)) == (1, 0, 0, 2)


def test_stores_come_in_and_close(tmp_path: Path) -> None:
    MerchantFactory(number="M1")
    filled = {**STORE, "division_code": "330100"}
    assert came(load(tmp_path, "stores", filled)) == (1, 0, 0, 0)
    row = Store.objects.get()
    assert (row.merchant.number, row.division_id, row.state) == ("M1", "3301", "open")
    assert came(load(tmp_path, "stores", filled, name="again")) == (0, 0, 1, 0)
    closed = {**filled, "state": "closed", "closed_date": "2026-02-28"}
    assert came(load(tmp_path, "stores", closed, name="new")) == (0, 1, 0, 0)
    row.refresh_from_db()
    assert (row.state, row.closed_date) == ("closed", dt.date(2026, 2, 28))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"merchant": "M9"}, "unknown_merchant"),
        ({"merchant": "M2"}, "other_merchant"),
        ({"division_code": "330199"}, "unknown_division"),
        ({"state": "closed"}, "closed_without_day"),
        ({"closed_date": "2026-01-01"}, "closed_without_day"),
        ({"state": "closed", "closed_date": "2024-03-01"}, "closed_too_early"),
    ],
)
def test_a_bad_store_stays_out(tmp_path: Path, changed: dict[str, str], reason: str) -> None:
    StoreFactory(number="S1", merchant=MerchantFactory(number="M1"), name="旧")
    MerchantFactory(number="M2")
    report = load(tmp_path, "stores", {**STORE, **changed})
    assert (came(report), report.reasons) == ((0, 0, 0, 1), {reason: 1})
    assert Store.objects.get().name == "旧"


def test_persons_come_in_sealed_and_once(tmp_path: Path) -> None:
    MerchantFactory(number="M1")
    assert came(load(tmp_path, "merchant_contacts", PERSON)) == (1, 0, 0, 0)
    row = MerchantContact.objects.get()
    assert sealed.unseal(row.phone_sealed, "merchantcontact.phone") == "13800001234"
    assert (row.name_masked, row.phone_masked, row.is_main) == ("王**", "138****1234", True)
    assert came(load(tmp_path, "merchant_contacts", PERSON, name="again")) == (0, 0, 1, 0)
    MerchantContact.objects.get(phone_sealed=row.phone_sealed, name_sealed=row.name_sealed)
    other = {**PERSON, "phone": "13900005678", "email": ""}
    assert came(load(tmp_path, "merchant_contacts", other, name="new")) == (0, 1, 0, 0)
    row.refresh_from_db()
    assert (row.phone_masked, row.email_masked, row.email_sealed) == ("139****5678", "", None)


def test_a_main_contact_who_left_stays_gone_and_the_same_file_changes_nothing(
    tmp_path: Path,
) -> None:
    MerchantFactory(number="M1")
    left = {**PERSON, "left_date": "2026-02-01"}
    assert came(load(tmp_path, "merchant_contacts", left)) == (1, 0, 0, 0)
    assert came(load(tmp_path, "merchant_contacts", left, name="again")) == (0, 0, 1, 0)
    silent = {name: text for name, text in PERSON.items() if name != "left_date"}
    assert came(load(tmp_path, "merchant_contacts", silent, name="silent")) == (0, 0, 1, 0)
    assert MerchantContact.objects.get().left_date == dt.date(2026, 2, 1)
    # Named empty, it says that the person is back.
    assert came(load(tmp_path, "merchant_contacts", PERSON, name="back")) == (0, 1, 0, 0)


def test_a_file_hands_the_main_contact_on(tmp_path: Path) -> None:
    merchant = MerchantFactory(number="M1")
    ContactFactory(number="P1", merchant=merchant, is_main=True)
    second = {**PERSON, "number": "P2"}
    report = load(tmp_path, "merchant_contacts", second)
    assert (came(report), report.reasons) == ((0, 0, 0, 1), {"second_main": 1})
    first = {**PERSON, "is_main": "false"}
    assert came(load(tmp_path, "merchant_contacts", second, first, name="both")) == (1, 1, 0, 0)
    assert [row.number for row in MerchantContact.objects.filter(is_main=True)] == ["P2"]
    third = {**PERSON, "number": "P3"}
    left = {**second, "left_date": "2026-02-01"}
    report = load(
        tmp_path, "merchant_contacts", left, third, {**third, "number": "P4"}, name="left"
    )
    assert (came(report), report.reasons) == ((1, 1, 0, 1), {"second_main": 1})


def test_what_a_file_says_of_a_merged_merchant_is_kept_at_the_other(tmp_path: Path) -> None:
    kept, merged = MerchantFactory(number="M1"), MerchantFactory(number="M2")
    StoreFactory(number="S1", merchant=merged)
    directory.merge_merchants(
        kept=kept, merged=merged, reason="同一家", actor=StaffFactory(), at=AT
    )
    rows = [{**STORE, "merchant": "M2"}, {**STORE, "number": "S2", "merchant": "M2"}]
    assert came(load(tmp_path, "stores", *rows)) == (1, 1, 0, 0)
    assert set(Store.objects.values_list("merchant__number", flat=True)) == {"M1"}


def test_no_person_stands_in_the_file_of_bad_rows(tmp_path: Path) -> None:
    bad = {**PERSON, "phone": "138000012345", "email": "wang@shop"}
    report = load(tmp_path, "merchant_contacts", bad)
    assert report.errors_path is not None
    text = report.errors_path.read_text("utf-8")
    assert ("138****2345" in text, "w***@shop" in text) == (True, True)
    assert not any(value in text for value in ("138000012345", "王小明", "wang@"))
