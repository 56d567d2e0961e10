"""A bank into which files can be imported, and a way to write and import them."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation

from portal.intake import operations
from portal.intake.rules import ImportReport
from tests.factories.journeys import CardFactory, CustomerFactory, ProductFactory
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import BranchFactory

AT = dt.datetime(2026, 6, 1, 2, 0, tzinfo=dt.UTC)
Take = Callable[..., ImportReport]


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


@pytest.fixture
def bank(db: None) -> None:
    """Branch B001, product GOLD, merchant M000001, customer C1 with card K1."""
    branch = BranchFactory(code="B001")
    ProductFactory()
    MerchantFactory(number="M000001", branch=branch)
    customer = CustomerFactory(number="C1", branch=branch)
    CardFactory(reference="K1", customer=customer)


@pytest.fixture
def take(tmp_path: Path, bank: None) -> Take:
    """`take("transactions", "reference,card\\n...")` writes a file and imports it."""

    def import_text(
        kind: str, content: str | bytes, name: str = "file.csv", **options: object
    ) -> ImportReport:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return operations.import_file(kind=kind, path=path, actor=None, at=AT, **options)

    return import_text
