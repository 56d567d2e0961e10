"""Files for imports, and a bank that can take them."""

import datetime as dt
from pathlib import Path

from django.utils import translation

from portal.intake import operations
from portal.intake.rules import ImportReport
from tests.factories.journeys import CardFactory, CustomerFactory, ProductFactory
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import BranchFactory

AT = dt.datetime(2026, 6, 1, 2, 0, tzinfo=dt.UTC)


def make_bank() -> None:
    """Branch B001, product GOLD, merchant M1; customer C1 with application A1 and card K1."""
    branch = BranchFactory(code="B001")
    ProductFactory()
    MerchantFactory(number="M1", branch=branch)
    customer = CustomerFactory(number="C1", branch=branch)
    CardFactory(reference="K1", customer=customer, application__number="A1")
    CardFactory(reference="K2", customer=customer)


def take(
    folder: Path, kind: str, content: str | bytes, name: str = "file.csv", *, dry_run: bool = False
) -> ImportReport:
    """Writes a file and imports it, with the reasons in English."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with translation.override("en"):
        return operations.import_file(kind=kind, path=path, actor=None, at=AT, dry_run=dry_run)


def errors_of(report: ImportReport) -> list[str]:
    """The lines of the file of bad rows, without its header."""
    if report.errors_path is None:
        return []
    return report.errors_path.read_text("utf-8-sig").splitlines()[1:]


def counts_of(report: ImportReport) -> tuple[int, int, int, int]:
    """How many rows were new, changed, the same and bad."""
    return report.rows_new, report.rows_changed, report.rows_same, report.rows_bad
