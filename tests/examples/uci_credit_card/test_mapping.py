"""The clients of the UCI file come in through the example's mapping: customers with a card each."""

import csv
import datetime as dt
import lzma
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from journeys.models import Card, Customer, CustomerStage
from portal.intake import operations
from tests.factories.journeys import ProductFactory
from tests.factories.portal import head_office

FOLDER = settings.BASE_DIR / "examples/uci_credit_card"
WHOLE = settings.BASE_DIR.parent / "shared/data/card-customers/UCI_Credit_Card.csv.xz"
AT = dt.datetime(2026, 10, 28, 2, 0, tzinfo=dt.UTC)


@pytest.fixture(params=["extract", "whole"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = {"extract": FOLDER / "extract.csv", "whole": WHOLE}[request.param]
    if not path.exists():
        pytest.skip("the whole UCI file is not at hand (../shared/data/card-customers)")
    here = tmp_path / path.name
    here.write_bytes(path.read_bytes())
    return here


def clients_of(path: Path) -> Iterator[dict[str, str]]:
    """The rows of the file as plain Python reads them."""
    raw = path.read_bytes()
    text = (lzma.decompress(raw) if path.suffix == ".xz" else raw).decode()
    yield from csv.DictReader(text.splitlines())


@pytest.mark.django_db
def test_every_client_is_a_customer_with_a_card(source: Path) -> None:
    head_office()
    for code in ("CLASSIC", "PLATINUM"):
        ProductFactory(code=code)
    mapping = operations.load_mapping(FOLDER / "mapping.yaml")
    reports = operations.import_mapped(mapping=mapping, path=source, actor=None, at=AT)
    clients = list(clients_of(source))
    assert [(r.kind, r.rows_new, r.rows_bad) for r in reports] == [
        ("customers", len(clients), 0), ("cards", len(clients), 0),
    ]  # fmt: skip
    expected = {
        (
            f"UCI-{int(client['ID']):05}", dt.date(2005 - int(client["AGE"]), 9, 30),
            "public_data", "file", f"UCI-K-{int(client['ID']):05}",
            "PLATINUM" if float(client["LIMIT_BAL"]) >= 200_000 else "CLASSIC",
            None if client["PAY_6"] == "-2" else dt.date(2005, 4, 1),
        )
        for client in clients
    }  # fmt: skip
    found = Card.objects.values_list(
        "customer__number", "customer__birth_date", "customer__lawful_basis", "customer__source",
        "reference", "product__code", "activated_date",
    )  # fmt: skip
    assert set(found) == expected
    assert CustomerStage.objects.filter(stage="activation").count() == len(clients)

    again = operations.import_mapped(mapping=mapping, path=source, actor=None, at=AT)
    assert [(r.rows_same, r.rows_new, r.rows_changed) for r in again] == [
        (len(clients), 0, 0), (len(clients), 0, 0),
    ]  # fmt: skip
    assert Customer.objects.count() == len(clients)
