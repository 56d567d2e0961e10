"""Corrections: what is derived follows, the values stand nowhere, and no file undoes them."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from journeys.customers import queries as customers
from journeys.models import Correction, Customer, RightsEvent
from journeys.rights import operations as rights
from journeys.rights import queries
from portal.kit import sealed
from portal.models import AuditEntry
from portal.staff.access import Scope
from tests.factories.intake import counts_of, errors_of, make_bank, take
from tests.factories.journeys import CustomerFactory
from tests.factories.portal import StaffFactory
from tests.factories.rights import AT, PHONE, take_in, the_person
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
NEW_PHONE = "13700000001"
EVERYWHERE = Scope(branch_path="")


def correct(person: Any, field: str, value: str, reason: str = "身份证") -> Correction:
    request = take_in(person, kind="correct")
    actor = StaffFactory(role="compliance")
    return rights.correct(
        request_id=request.pk, field=field, value=value, reason=reason, actor=actor, at=AT
    )


def test_a_phone_is_found_by_the_new_number_and_not_by_the_old() -> None:
    person = the_person()
    correction = correct(person, "phone", "+86 13700000001".replace(" ", ""))
    assert (correction.old_masked, correction.new_masked) == ("139****5678", "137****0001")
    assert list(customers.list_customers(scope=EVERYWHERE, text=NEW_PHONE)) == [person]
    assert list(customers.list_customers(scope=EVERYWHERE, text=PHONE)) == []
    person.refresh_from_db()
    assert sealed.unseal(person.phone_sealed, "customer.phone") == NEW_PHONE
    assert person.phone_masked == "137****0001"


def test_a_name_takes_its_pinyin_along() -> None:
    person = the_person()
    correct(person, "name", "李小龙")
    person.refresh_from_db()
    assert (person.name, person.name_pinyin) == ("李小龙", "li xiao long")


@pytest.mark.parametrize(
    ("field", "value", "column", "held"),
    [
        ("birth_date", "1990/2/3", "birth_date", dt.date(1990, 2, 3)),
        ("birth_date", "", "birth_date", None),
        ("division_code", "310101", "division_code", "310101"),
        ("email", "New@Mail.example", "email_masked", "n***@mail.example"),
        ("email", "", "email_sealed", None),
        ("id_number", "11010519491231002x", "id_number_masked", "110***********002X"),
    ],
)
def test_each_field(field: str, value: str, column: str, held: Any) -> None:
    person = the_person()
    correct(person, field, value)
    person.refresh_from_db()
    assert getattr(person, column) == held


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "12345"), ("id_number", "110105194912310021"), ("email", "x"), ("name", " "),
        ("birth_date", "2026-06-02"), ("birth_date", "30.2.1990"), ("number", "C1"),
        ("kind", "company"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(field: str, value: str) -> None:
    person = the_person()
    before = Customer.objects.filter(pk=person.pk).values().get()
    with pytest.raises(rights.NotCorrectable):
        correct(person, field, value)
    assert Customer.objects.filter(pk=person.pk).values().get() == before
    assert Correction.objects.count() == 0


COMPANY_CODE, ID_NUMBER = "91350100M000100Y43", "11010519491231002X"


@pytest.mark.parametrize(
    ("kind", "value", "is_taken"),
    [
        ("person", ID_NUMBER, True), ("person", COMPANY_CODE, False),
        ("company", COMPANY_CODE, True), ("company", ID_NUMBER, False),
    ],
)  # fmt: skip
def test_a_number_of_another_kind_is_refused_as_by_the_file(
    tmp_path: Path, kind: str, value: str, is_taken: bool
) -> None:
    make_bank()
    line = f"C1,李小龙,{kind},{value},B001,2026-03-02,contract\n"
    head = "number,name,kind,id_number,branch,registered_date,lawful_basis\n"
    assert counts_of(take(tmp_path, "customers", head + line))[3] == (0 if is_taken else 1)
    person = CustomerFactory(kind=kind)
    if is_taken:
        correct(person, "id_number", value)
    else:
        english = translation.override("en")
        told = pytest.raises(rights.NotCorrectable, match=r"but the customer is a (person|company)")
        with english, told:
            correct(person, "id_number", value)
    person.refresh_from_db()
    assert (person.id_number_sealed is not None) is is_taken


def test_the_same_value_is_no_correction() -> None:
    with pytest.raises(rights.SameValue):
        correct(the_person(), "phone", PHONE)
    assert Correction.objects.count() == 0


def test_neither_value_stands_in_history_or_trail() -> None:
    correct(the_person(), "phone", NEW_PHONE, reason=f"从 {PHONE} 改为 {NEW_PHONE}")
    kept = [
        *RightsEvent.objects.values_list("words", flat=True),
        *AuditEntry.objects.values_list("reason", "changes", "target_label"),
        *Correction.objects.values_list("old_masked", "new_masked"),
    ]
    assert [row for row in kept if PHONE in str(row) or NEW_PHONE in str(row)] == []


def test_a_lead_is_corrected_too() -> None:
    lead = row_of("journeys.Lead", company="旧公司")
    correct(lead, "company", "新公司")
    lead.refresh_from_db()
    assert lead.company == "新公司"


# --- files of the source ---------------------------------------------------------------------
HEAD = "number,name,phone,branch,registered_date,lawful_basis"


def customer_file(name: str, phone: str) -> str:
    return f"{HEAD}\nC1,{name},{phone},B001,2026-03-02,contract\n"


def test_a_file_does_not_undo_a_correction_and_says_so(tmp_path: Path) -> None:
    make_bank()
    person = Customer.objects.get(number="C1")
    correction = correct(person, "phone", NEW_PHONE)
    report = take(tmp_path, "customers", customer_file("改名", "13800000009"))
    assert counts_of(report) == (0, 0, 0, 1)
    assert errors_of(report) == [
        "2,phone,,"
        f'"The person had this corrected on 2026-06-01 (request {correction.request.number}), and '
        'the file says something else. Have the source corrected first."'
    ]
    person.refresh_from_db()
    correction.refresh_from_db()
    assert (person.phone_masked, person.name) == ("137****0001", "王小明")
    assert correction.source_differs_at is not None
    assert list(queries.contradicted(scope=EVERYWHERE)) == [correction]


@pytest.mark.parametrize(
    ("content", "changed"),
    [
        (customer_file("改名", NEW_PHONE), 1),  # the source says the same by now
        ("number,name,branch,registered_date,lawful_basis\n"
         "C1,改名,B001,2026-03-02,contract\n", 1),  # the file says nothing about phones
    ],
)  # fmt: skip
def test_a_file_that_does_not_contradict_goes_in(
    tmp_path: Path, content: str, changed: int
) -> None:
    make_bank()
    person = Customer.objects.get(number="C1")
    correction = correct(person, "phone", NEW_PHONE)
    report = take(tmp_path, "customers", content)
    assert counts_of(report) == (0, changed, 0, 0)
    person.refresh_from_db()
    correction.refresh_from_db()
    assert (person.name, person.phone_masked) == ("改名", "137****0001")
    assert correction.source_differs_at is None


@pytest.mark.parametrize("field", ["name", "birth_date", "division_code", "email", "id_number"])
def test_every_field_is_held_against_files(tmp_path: Path, field: str) -> None:
    make_bank()
    person = Customer.objects.get(number="C1")
    right = {
        "name": "李小龙", "birth_date": "1990-02-03", "division_code": "310101",
        "email": "right@mail.example", "id_number": "11010519491231002X",
    }[field]  # fmt: skip
    other = {
        "name": "王五", "birth_date": "1991-02-03", "division_code": "440305",
        "email": "wrong@mail.example", "id_number": "44030519880615003X",
    }[field]  # fmt: skip
    if field == "id_number":
        other = ""  # taking it away would undo it as well
    correct(person, field, right)
    columns = {"number": "C1", "name": person.name, "branch": "B001",
               "registered_date": "2026-03-02", "lawful_basis": "contract"}  # fmt: skip
    person.refresh_from_db()
    columns["name"] = person.name
    for value, bad in ((other, 1), (right, 0)):
        row = {**columns, field: value}
        report = take(tmp_path, "customers", ",".join(row) + "\n" + ",".join(row.values()) + "\n")
        assert report.rows_bad == bad


def test_a_dry_run_notes_nothing(tmp_path: Path) -> None:
    make_bank()
    correction = correct(Customer.objects.get(number="C1"), "phone", NEW_PHONE)
    take(tmp_path, "customers", customer_file("改名", "13800000009"), dry_run=True)
    correction.refresh_from_db()
    assert correction.source_differs_at is None


def test_another_customer_is_not_concerned(tmp_path: Path) -> None:
    make_bank()
    correct(CustomerFactory(number="C2"), "phone", NEW_PHONE)
    report = take(tmp_path, "customers", customer_file("改名", "13800000009"))
    assert report.rows_bad == 0


def test_the_day_of_a_correction_is_the_banks_day(tmp_path: Path) -> None:
    """17:00 in UTC is past midnight at the bank."""
    make_bank()
    late = dt.datetime(2026, 6, 1, 17, 0, tzinfo=dt.UTC)
    request = take_in(Customer.objects.get(number="C1"), kind="correct")
    rights.correct(
        request_id=request.pk, field="phone", value=NEW_PHONE, reason="证件",
        actor=StaffFactory(role="compliance"), at=late,
    )  # fmt: skip
    report = take(tmp_path, "customers", customer_file("改名", "13800000009"))
    assert "corrected on 2026-06-02" in errors_of(report)[0]
