"""A file tells of several states of one row: the latest that can be taken in counts."""

from itertools import permutations

import pytest

from journeys.models import Application, Customer
from portal.intake import operations
from portal.intake.rules import ImportReport
from tests.factories.intake import AT, make_bank

Row = dict[str, str | None]

pytestmark = pytest.mark.django_db

FILED: Row = {
    "number": "ZA1", "customer": "C1", "product": "GOLD", "branch": "B001",
    "filed_date": "2026-05-01", "state": "filed", "decided_date": None, "as_of": "2026-05-02",
}  # fmt: skip
APPROVED = FILED | {"state": "approved", "decided_date": "2026-05-20", "as_of": "2026-05-21"}
# Each is later than all others and fails a check.
BAD = {
    "product": APPROVED | {"product": "PLATIN", "as_of": "2026-05-22"},
    "decided_date": APPROVED | {"decided_date": "2026-04-20", "as_of": "2026-05-22"},
    "as_of": APPROVED | {"as_of": "2027-05-21"},
}


def send(kind: str, *rows: Row) -> ImportReport:
    return operations.import_rows(
        kind=kind, rows=rows, actor=None, at=AT, source_name="test", shown=50
    )


def told(report: ImportReport) -> tuple[int, int, int, int, int]:
    return (
        report.rows_new, report.rows_changed, report.rows_same, report.rows_older, report.rows_bad,
    )  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("column", BAD)
def test_a_later_state_that_is_bad_hides_no_good_one(column: str, order: tuple[int, ...]) -> None:
    make_bank()
    rows = (FILED, APPROVED, BAD[column])
    report = send("applications", *(rows[place] for place in order))
    assert told(report) == (1, 0, 0, 1, 1)
    assert [finding.column for finding in report.findings] == [column]
    assert Application.objects.get(number="ZA1").state == "approved"


def test_nor_does_it_where_a_state_stands_already() -> None:
    make_bank()
    assert told(send("applications", FILED)) == (1, 0, 0, 0, 0)
    assert told(send("applications", APPROVED, BAD["product"])) == (0, 1, 0, 0, 1)
    assert Application.objects.get(number="ZA1").state == "approved"


def test_a_customer_comes_in_though_a_later_row_names_no_branch() -> None:
    make_bank()
    row = {"number": "Z1", "name": "王小明", "branch": "B001", "registered_date": "2026-03-02",
           "lawful_basis": "contract", "as_of": "2026-05-02"}  # fmt: skip
    report = send("customers", row | {"branch": "B999", "as_of": "2026-05-03"}, row)
    assert told(report) == (1, 0, 0, 0, 1)
    assert Customer.objects.get(number="Z1").branch.code == "B001"
