"""The file of referrals: what it names, who was brought already, circles, the same file twice."""

from pathlib import Path

import pytest

from journeys.models import Application, Customer, Referral
from tests.factories.intake import counts_of, errors_of, take
from tests.factories.journeys import DAY, ApplicationFactory, CustomerFactory

HEADER = "number,referrer,on_date\n"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _people() -> None:
    """C1 to C4, each with the application A1 to A4; C1 applied once more by A9."""
    for number in range(1, 5):
        customer = CustomerFactory(number=f"C{number}")
        ApplicationFactory(customer=customer, number=f"A{number}", filed_date=DAY)
    ApplicationFactory(customer=Customer.objects.get(number="C1"), number="A9")


def stand() -> list[tuple[str, str, str]]:
    rows = Referral.objects.order_by("number")
    found = rows.values_list("number", "referrer__number", "referred__number")
    return [(number, by, who) for number, by, who in found]


def test_the_day_is_that_of_filing_unless_said(tmp_path: Path) -> None:
    rows = "A1,C2,\nA3,C2,2026-03-05\n"
    assert counts_of(take(tmp_path, "referrals", HEADER + rows)) == (2, 0, 0, 0)
    assert stand() == [("A1", "C2", "C1"), ("A3", "C2", "C3")]
    days = Referral.objects.order_by("number").values_list("on_date", flat=True)
    assert [str(day) for day in days] == [str(DAY), "2026-03-05"]
    # Neither the same file nor a day of filing that was put right changes anything.
    Application.objects.filter(number="A1").update(filed_date="2026-01-01")
    assert counts_of(take(tmp_path, "referrals", HEADER + rows)) == (0, 0, 2, 0)
    assert counts_of(take(tmp_path, "referrals", "number,referrer\nA1,C2\n")) == (0, 0, 1, 0)


@pytest.mark.parametrize(("rows", "bad"), [
    ("A8,C2,", {"A8": "There is no application with this number; import the file of applications"
                      " first."}),
    ("A1,C8,", {"C8": "There is no customer with this number; import the file of customers"
                      " first."}),
    ("A1,C1,", {"C1": "The applicant cannot have brought himself."}),
    ("A1,C2,\nA9,C3,", {"A9": "The applicant stands in this file with application A1 as well."}),
    ("A1,C2,\nA2,C1,", {"C1": "The customer was brought by this applicant, or by those after.",
                        "C2": "The customer was brought by this applicant, or by those after."}),
    ("A1,C2,\nA2,C3,\nA3,C1,", dict.fromkeys(
        ("C1", "C2", "C3"), "The customer was brought by this applicant, or by those after.")),
])  # fmt: skip
def test_bad_rows(tmp_path: Path, rows: str, bad: dict[str, str]) -> None:
    report = take(tmp_path, "referrals", HEADER + rows + "\n")
    found = [line.replace('"', "").split(",", 3) for line in errors_of(report)]
    assert {line[2]: line[3] for line in found} == bad
    assert Referral.objects.count() == rows.count("\n") + 1 - len(bad)


@pytest.mark.parametrize(("row", "why"), [
    ("A1,C3,", "This application stands with another customer or day"),
    ("A1,C2,2026-03-09", "This application stands with another customer or day"),
    ("A9,C3,", "The applicant was brought already, by application A1."),
    ("A2,C1,", "The customer was brought by this applicant"),
    ("A2,C3,\nA3,C1,", "The customer was brought by this applicant"),
])  # fmt: skip
def test_what_stands_is_not_changed(tmp_path: Path, row: str, why: str) -> None:
    take(tmp_path, "referrals", HEADER + "A1,C2,\n")
    before = list(Referral.objects.values())
    report = take(tmp_path, "referrals", HEADER + row + "\n")
    assert all(why in line for line in errors_of(report))
    assert len(errors_of(report)) == row.count("\n") + 1
    assert list(Referral.objects.values()) == before


ID = "440305198806150034"


@pytest.mark.parametrize(("stands", "rows", "bad"), [
    ("", "A5,C6,\n", {"C6": "The applicant cannot have brought himself."}),
    ("A5,C2,\n", "A6,C3,\n",
     {"A6": "The applicant was brought already, by application A5."}),
    ("", "A5,C2,\nA6,C3,\n",
     {"A6": "The applicant stands in this file with application A5 as well."}),
    ("A5,C2,\n", "A2,C6,\n",
     {"C6": "The customer was brought by this applicant, or by those after."}),
    ("", "A5,C2,\nA2,C6,\n", dict.fromkeys(
        ("C2", "C6"), "The customer was brought by this applicant, or by those after.")),
])  # fmt: skip
def test_one_person_under_two_numbers(
    tmp_path: Path, stands: str, rows: str, bad: dict[str, str]
) -> None:
    """C5 and C6 bear one ID number, and applied by A5 and A6."""
    for number in (5, 6):
        customer = CustomerFactory(number=f"C{number}", id_number=ID)
        ApplicationFactory(customer=customer, number=f"A{number}", filed_date=DAY)
    if stands:
        take(tmp_path, "referrals", HEADER + stands)
    report = take(tmp_path, "referrals", HEADER + rows)
    found = [line.replace('"', "").split(",", 3) for line in errors_of(report)]
    assert {line[2]: line[3] for line in found} == bad
    assert Referral.objects.count() == (stands + rows).count("\n") - len(bad)


def test_what_stands_is_the_same_whatever_became_known_of_its_persons(tmp_path: Path) -> None:
    """That two customers are one person may come out later."""
    before = HEADER + "A1,C2,\nA3,C4,\n"
    take(tmp_path, "referrals", before)
    seal = {name: getattr(CustomerFactory(id_number=ID), name)
            for name in ("id_number_sealed", "id_number_index", "bearer")}  # fmt: skip
    Customer.objects.filter(number__in=["C1", "C2", "C3"]).update(**seal)
    assert counts_of(take(tmp_path, "referrals", before)) == (0, 0, 2, 0)
