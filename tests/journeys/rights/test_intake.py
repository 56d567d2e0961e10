"""Who was erased does not come back by a file, whichever names the number."""

from pathlib import Path

import pytest

from journeys.models import Application, Complaint, Customer
from journeys.rights import operations as rights
from portal.intake import operations as intake
from portal.intake.rules import cells
from portal.kit.registry import registry
from tests.factories.intake import counts_of, errors_of, make_bank, take
from tests.factories.journeys import CustomerFactory
from tests.factories.rights import AT, allowed

pytestmark = pytest.mark.django_db

ROWS = {
    "customers": (
        "number,name,branch,registered_date,lawful_basis",
        "{number},王小明,B001,2026-03-02,contract",
    ),
    "applications": (
        "number,customer,product,branch,filed_date,state",
        "A-{number},{number},GOLD,B001,2026-05-20,filed",
    ),
    "cards": (
        "reference,customer,product,branch,issued_date",
        "K-{number},{number},GOLD,B001,2026-05-20",
    ),
    "service_cases": (
        "number,customer,channel,subject,state,opened_date",
        "S-{number},{number},hotline,补寄账单,open,2026-05-20",
    ),
    "complaints": (
        "number,customer,channel,grade,state,words,opened_date",
        "P-{number},{number},hotline,simple,open,太慢,2026-05-20",
    ),
}


@pytest.fixture
def erased() -> str:
    make_bank()
    person = CustomerFactory(number="C-GONE")
    rights.carry_out(erasure_id=allowed(person).pk, at=AT)
    return "C-GONE"


@pytest.mark.parametrize("kind", sorted(ROWS))
def test_a_row_that_names_an_erased_person_is_refused_with_that_reason(
    kind: str, erased: str, tmp_path: Path
) -> None:
    from journeys.care import operations as care
    from journeys.care.rules import Limits

    care.set_complaint_rule(
        effective_date=AT.date().replace(year=2020), limits=Limits(15, 30, 30), source="test",
        actor=None, at=AT,
    )  # fmt: skip
    head, row = ROWS[kind]
    before = Customer.objects.count()
    report = take(tmp_path, kind, f"{head}\n{row.format(number=erased)}\n")
    assert counts_of(report) == (0, 0, 0, 1)
    [error] = errors_of(report)
    assert "erased at the person's own request" in error
    assert erased not in error
    assert list(report.reasons) == ["erased_person"]
    assert Customer.objects.count() == before
    assert Application.objects.filter(number__startswith="A-").count() == 0
    assert Complaint.objects.count() == 0
    good = take(tmp_path, kind, f"{head}\n{row.format(number='C1')}\n")
    assert good.rows_bad == 0


def test_an_unknown_customer_is_still_called_unknown(erased: str, tmp_path: Path) -> None:
    head, row = ROWS["applications"]
    report = take(tmp_path, "applications", f"{head}\n{row.format(number='C-NEW')}\n")
    assert list(report.reasons) == ["unknown_customer"]


def test_the_interface_goes_the_same_way(erased: str) -> None:
    row = dict(zip(*(text.format(number=erased).split(",") for text in ROWS["customers"]),
                   strict=True))  # fmt: skip
    report = intake.import_rows(
        kind="customers", rows=[row], actor=None, at=AT, source_name="test", shown=5
    )
    assert [finding.value for finding in report.findings] == [""]
    assert report.rows_bad == 1


def test_every_kind_that_names_customers_is_held_to_it() -> None:
    """Registered kinds with a column for a customer's number carry the check."""
    naming = [
        kind
        for kind in registry.import_kinds.values()
        if kind.table == "journeys_customer" or "journeys_customer" in kind.joins
    ]
    reasons = {kind.code: {check.reason.code for check in kind.checks} for kind in naming}
    assert set(ROWS) <= set(reasons)
    lacking = sorted(code for code, held in reasons.items() if "erased_person" not in held)
    assert lacking == [], "registry.wrap_import_kinds comes before these kinds are added"


def test_a_kind_without_customers_stays_as_it_is() -> None:
    from journeys.rights.intake import held_to_rights
    from journeys.spending.intake import TRANSACTIONS

    assert held_to_rights(TRANSACTIONS) is TRANSACTIONS
    assert cells.key(40).parse("C1") == "C1"
