"""The file of customers: sealed personal data, spelled names."""

from pathlib import Path

import pytest
from django.forms.models import model_to_dict

from journeys.customers.intake import spell
from journeys.models import Customer
from portal.kit import sealed
from tests.factories.intake import counts_of, errors_of, make_bank, take
from tests.factories.portal import BranchFactory

HEADER = "number,name,branch,registered_date,lawful_basis,phone,id_number,email\n"
ROW = "C7,王小明,B001,2026-01-01,contract,13800000000,11010519491231002X,Li.Ming@Example.com\n"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bank() -> None:
    make_bank()


def test_personal_data_is_sealed_indexed_and_masked(tmp_path: Path) -> None:
    assert counts_of(take(tmp_path, "customers", HEADER + ROW)) == (1, 0, 0, 0)
    customer = Customer.objects.get(number="C7")
    clear = {
        "phone": "13800000000", "id_number": "11010519491231002X", "email": "li.ming@example.com",
    }  # fmt: skip
    for field, text in clear.items():
        assert sealed.unseal(getattr(customer, f"{field}_sealed"), f"customer.{field}") == text
        assert bytes(getattr(customer, f"{field}_index")) == sealed.blind_index(text, field)
    assert (customer.phone_masked, customer.id_number_masked, customer.email_masked) == (
        "138****0000", "110***********002X", "l***@example.com",
    )  # fmt: skip


def test_everything_else_is_taken_as_it_stands_or_by_default(tmp_path: Path) -> None:
    take(tmp_path, "customers", HEADER + ROW)
    customer = Customer.objects.get(number="C7")
    facts = model_to_dict(customer, ["kind", "name", "language", "division_code", "birth_date"])
    assert facts == {
        "kind": "person", "name": "王小明", "language": "zh-hans", "division_code": "",
        "birth_date": None,
    }  # fmt: skip
    assert (customer.name_pinyin, customer.source, customer.lawful_basis, customer.branch.code) == (
        "wang xiao ming", "file", "contract", "B001",
    )  # fmt: skip


def test_a_changed_phone_is_sealed_anew_and_the_rest_is_left(tmp_path: Path) -> None:
    take(tmp_path, "customers", HEADER + ROW)
    before = Customer.objects.get(number="C7")
    content = HEADER + ROW.replace("13800000000", "13900000000")
    assert counts_of(take(tmp_path, "customers", content)) == (0, 1, 0, 0)
    after = Customer.objects.get(number="C7")
    assert sealed.unseal(after.phone_sealed, "customer.phone") == "13900000000"
    assert after.phone_masked == "139****0000"
    assert bytes(after.email_sealed) == bytes(before.email_sealed)
    assert bytes(after.id_number_sealed) == bytes(before.id_number_sealed)


def test_an_empty_phone_takes_the_phone_away(tmp_path: Path) -> None:
    take(tmp_path, "customers", HEADER + ROW)
    content = HEADER + ROW.replace("13800000000", "")
    assert counts_of(take(tmp_path, "customers", content)) == (0, 1, 0, 0)
    after = Customer.objects.get(number="C7")
    assert (after.phone_sealed, after.phone_index, after.phone_masked) == (None, None, "")


def test_a_customer_moves_to_another_branch(tmp_path: Path) -> None:
    BranchFactory(code="B002")
    take(tmp_path, "customers", HEADER + ROW)
    content = HEADER + ROW.replace("B001", "B002")
    assert counts_of(take(tmp_path, "customers", content)) == (0, 1, 0, 0)
    assert Customer.objects.get(number="C7").branch.code == "B002"


@pytest.mark.parametrize(
    ("column", "old", "new", "reason"),
    [
        ("branch", "B001", "B9", "There is no branch with this code."),
        ("lawful_basis", "contract", "luck",
         "\"This is not one of: consent, contract, legal_duty, public_data.\""),
        ("phone", "13800000000", "=1380000", "There is a formula in the cell; write its value"
         " instead."),
        ("name", "王小明", "", '"The cell is empty, but the column is needed."'),
        ("registered_date", "2026-01-01", "2026-02-30",
         "This is not a day; write it as 2026-03-02."),
    ],
)  # fmt: skip
def test_bad_rows(tmp_path: Path, column: str, old: str, new: str, reason: str) -> None:
    report = take(tmp_path, "customers", HEADER + ROW.replace(old, new))
    found = [(line.split(",")[1], line.split(",", 3)[3]) for line in errors_of(report)]
    assert found == [(column, reason)]
    assert not Customer.objects.filter(number="C7").exists()


def test_nobody_is_born_tomorrow(tmp_path: Path) -> None:
    header = "number,name,branch,registered_date,lawful_basis,birth_date\n"
    rows = [f"C{day},A,B001,2026-01-01,contract,2026-06-0{day}\n" for day in (1, 2)]
    report = take(tmp_path, "customers", header + "".join(rows))
    assert errors_of(report) == ["3,birth_date,2026-06-02,The day is later than 2026-06-01."]


@pytest.mark.parametrize(
    ("name", "spelled"),
    [("王小明", "wang xiao ming"), ("重庆", "chong qing"), ("Li 小明", "li xiao ming"), ("", "")],
)
def test_names_are_spelled_without_tones(name: str, spelled: str) -> None:
    assert spell(name) == spelled


PERSON, COMPANY = "11010519491231002X", "91350100M000100Y43"
# A number that is right for both a person and a company.
EITHER = "110105199001010299"
KINDS = "number,name,kind,branch,registered_date,lawful_basis,id_number\n"
NOT_FOR_A_PERSON = (
    "This is the unified social credit code of a company, but the customer is a person; give the"
    " person's ID number, or the kind company."
)
NOT_FOR_A_COMPANY = (
    "This is the ID number of a person, but the customer is a company; give the company's unified"
    " social credit code, or the kind person."
)


def bad_cells(folder: Path, content: str) -> list[tuple[str, str]]:
    lines = [line.replace('"', "") for line in errors_of(take(folder, "customers", content))]
    return [(line.split(",")[1], line.split(",", 3)[3]) for line in lines]


@pytest.mark.parametrize(
    ("kind", "number", "found"),
    [
        ("person", PERSON, []),
        ("company", COMPANY, []),
        ("person", EITHER, []),
        ("company", EITHER, []),
        ("company", "", []),
        ("", COMPANY, [("id_number", NOT_FOR_A_PERSON)]),
        ("person", COMPANY, [("id_number", NOT_FOR_A_PERSON)]),
        ("company", PERSON, [("id_number", NOT_FOR_A_COMPANY)]),
        ("company", COMPANY[:-1] + "4", [("id_number", "The last character of the unified social"
                                          " credit code does not fit.")]),
    ],
)  # fmt: skip
def test_a_number_fits_what_the_customer_is(
    tmp_path: Path, kind: str, number: str, found: list[tuple[str, str]]
) -> None:
    content = KINDS + f"C7,恒信商贸,{kind},B001,2026-01-01,contract,{number}\n"
    assert bad_cells(tmp_path, content) == found
    if not found and number:
        customer = Customer.objects.get(number="C7")
        assert sealed.unseal(customer.id_number_sealed, "customer.id_number") == number
        assert bytes(customer.id_number_index) == sealed.blind_index(number, "id_number")
    assert Customer.objects.filter(number="C7").exists() == (not found)


def test_a_file_without_kinds_is_checked_by_what_the_customer_is(tmp_path: Path) -> None:
    take(tmp_path, "customers", KINDS + f"C7,恒信,company,B001,2026-01-01,contract,{COMPANY}\n")
    header = KINDS.replace("kind,", "")
    content = header + f"C7,恒信,B001,2026-01-01,contract,{COMPANY}\n"
    assert counts_of(take(tmp_path, "customers", content)) == (0, 0, 1, 0)
    content = header + f"C7,恒信,B001,2026-01-01,contract,{PERSON}\n"
    assert bad_cells(tmp_path, content) == [("id_number", NOT_FOR_A_COMPANY)]
    content = header + f"C8,恒信,B001,2026-01-01,contract,{COMPANY}\n"
    assert bad_cells(tmp_path, content) == [("id_number", NOT_FOR_A_PERSON)]


def test_another_kind_needs_another_number(tmp_path: Path) -> None:
    take(tmp_path, "customers", KINDS + f"C7,恒信,company,B001,2026-01-01,contract,{COMPANY}\n")
    header = KINDS.replace(",id_number", "")
    content = header + "C7,恒信,person,B001,2026-01-01,contract\n"
    assert bad_cells(tmp_path, content) == [
        ("kind", "This customer has an ID number as company; with another kind the ID number must"
                 " be given too."),
    ]  # fmt: skip
    assert Customer.objects.get(number="C7").kind == "company"
    content = KINDS + f"C7,恒信,person,B001,2026-01-01,contract,{PERSON}\n"
    assert counts_of(take(tmp_path, "customers", content)) == (0, 1, 0, 0)


def test_an_address_is_sealed_and_shows_its_divisions(tmp_path: Path) -> None:
    header = HEADER.replace("email", "email,address")
    row = ROW.replace("\n", ",浙江省杭州市西湖区文三路100号3幢201室\n")
    assert counts_of(take(tmp_path, "customers", header + row)) == (1, 0, 0, 0)
    customer = Customer.objects.get(number="C7")
    assert sealed.unseal(customer.address_sealed, "customer.address") == (
        "浙江省杭州市西湖区文三路100号3幢201室"
    )
    assert customer.address_masked == "浙江省杭州市西湖区****"
    # The same again changes nothing; a file without the column leaves the address alone.
    assert counts_of(take(tmp_path, "customers", header + row)) == (0, 0, 1, 0)
    take(tmp_path, "customers", HEADER + ROW.replace("王小明", "王大明"))
    after = Customer.objects.get(number="C7")
    assert (after.name, bytes(after.address_sealed)) == ("王大明", bytes(customer.address_sealed))
    moved = row.replace("文三路100号3幢201室", "文三路101号")
    assert counts_of(take(tmp_path, "customers", header + moved))[1] == 1
    assert bytes(Customer.objects.get(number="C7").address_index) == sealed.blind_index(
        "浙江省杭州市西湖区文三路101号", "address"
    )


def test_a_bad_row_shows_no_address(tmp_path: Path) -> None:
    header = HEADER.replace("email", "email,address")
    row = ROW.replace("\n", f",浙江省杭州市西湖区文三路{'一' * 200}号\n")
    report = take(tmp_path, "customers", header + row)
    assert errors_of(report) == [
        "2,address,浙江省杭州市西湖区****,The text is too long: at most 200 characters."
    ]
