"""The customers of BankChurners come in through the example's mapping, and their activity by months
without a transaction and product is what plain Python counts in the file."""

import csv
import datetime as dt
import lzma
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from journeys.activity import queries
from journeys.activity.queries import Inactive
from journeys.models import ActivitySnapshot
from portal.intake import operations
from portal.staff.access import Scope
from tests.factories.journeys import ProductFactory
from tests.factories.portal import BranchFactory, head_office

FOLDER = settings.BASE_DIR / "examples/bank_churners"
WHOLE = settings.BASE_DIR.parent / "shared/data/card-customers/BankChurners.csv.xz"
AT = dt.datetime(2026, 10, 28, 2, 0, tzinfo=dt.UTC)
ON = dt.date(2020, 11, 19)
PRODUCTS = {"Blue": "BLUE", "Silver": "SILVER", "Gold": "GOLD", "Platinum": "PLATINUM"}


@pytest.mark.django_db
def test_activity_is_what_an_independent_count_says(tmp_path: Path) -> None:
    if not WHOLE.exists():
        pytest.skip("BankChurners is not at hand (../shared/data/card-customers)")
    head_office()
    for code in PRODUCTS.values():
        ProductFactory(code=code)
    path = tmp_path / WHOLE.name
    path.write_bytes(WHOLE.read_bytes())
    rows = list(csv.DictReader(lzma.decompress(path.read_bytes()).decode().splitlines()))
    mapping = operations.load_mapping(FOLDER / "mapping.yaml")
    reports = operations.import_mapped(mapping=mapping, path=path, actor=None, at=AT)
    assert [(one.kind, one.rows_new, one.rows_bad) for one in reports] == [
        ("customers", len(rows), 0), ("activity_snapshots", len(rows), 0),
    ]  # fmt: skip

    customers: Counter[tuple[str, int]] = Counter()
    purchases: Counter[tuple[str, int]] = Counter()
    for row in rows:
        key = (PRODUCTS[row["Card_Category"]], int(row["Months_Inactive_12_mon"]))
        customers[key] += 1
        purchases[key] += int(row["Total_Trans_Ct"])
    assert len(rows) == 10_127
    scope = Scope("")
    assert queries.latest_day(scope=scope) == ON
    assert queries.by_inactivity(scope=scope, on=ON) == [
        Inactive(product, months, customers[product, months], purchases[product, months])
        for product, months in sorted(customers)
    ]
    assert queries.by_inactivity(scope=Scope(BranchFactory().path), on=ON) == []

    again = operations.import_mapped(mapping=mapping, path=path, actor=None, at=AT)
    assert [(one.rows_same, one.rows_new, one.rows_changed) for one in again] == [
        (len(rows), 0, 0), (len(rows), 0, 0),
    ]  # fmt: skip
    assert ActivitySnapshot.objects.count() == len(rows)
