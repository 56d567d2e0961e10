"""The CDNOW purchases, converted and imported, give the sums that plain Python gives."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from examples.cdnow import convert, plain
from tests.factories.journeys import ProductFactory
from tests.factories.portal import head_office

EXTRACT = settings.BASE_DIR / "examples/cdnow/extract.txt"
WHOLE = settings.BASE_DIR.parent / "shared/data/cdnow/CDNOW_sample.txt.xz"

_SPENT = """
    SELECT c.number, coalesce(sum(t.amount), 0)
    FROM journeys_customer c
    JOIN journeys_card k ON k.customer_id = c.id
    LEFT JOIN journeys_transaction t ON t.card_id = k.id AND t.posted_date >= k.issued_date
        AND t.posted_date < k.issued_date + %s
    GROUP BY c.number
"""


@pytest.fixture(params=["extract", "whole"])
def source(request: pytest.FixtureRequest) -> Path:
    path = {"extract": EXTRACT, "whole": WHOLE}[request.param]
    if not path.exists():
        pytest.skip("the whole CDNOW sample is not at hand (../shared/data/cdnow)")
    return path


@pytest.mark.django_db
def test_imported_spending_equals_the_plain_calculation(source: Path, tmp_path: Path) -> None:
    head_office()
    ProductFactory()
    done = convert.convert(source, tmp_path, branch="HO", product="GOLD")
    for kind in ("customers", "applications", "cards", "transactions"):
        call_command("import_data", kind, str(tmp_path / f"{kind}.csv"))
    for last_day_inside in (True, False):
        days = 65 + last_day_inside
        with connection.cursor() as cursor:
            cursor.execute(_SPENT, [days])
            ours = dict(cursor.fetchall())
        theirs = plain.spending(source, 65, last_day_inside)
        assert ours == {convert.customer_number(name): total for name, total in theirs.items()}
        for amount in plain.SUMS:
            chosen = plain.qualifying(
                source, last_day_inside=last_day_inside, threshold=Decimal(amount)
            )
            assert {number for number, total in ours.items() if total >= amount} == {
                convert.customer_number(name) for name in chosen
            }
    assert len(ours) == done.customers


def test_the_extract_holds_what_its_remarks_say(tmp_path: Path) -> None:
    done = convert.convert(EXTRACT, tmp_path, branch="HO", product="GOLD")
    assert done == convert.Converted(customers=294, transactions=853, without_value=1)


@pytest.mark.parametrize(
    ("amount", "inside", "outside"), [(20, 199, 199), (50, 86, 85), (100, 28, 28), (200, 13, 13)]
)
def test_the_last_day_decides(amount: int, inside: int, outside: int) -> None:
    counts = [
        len(plain.qualifying(EXTRACT, last_day_inside=reading, threshold=Decimal(amount)))
        for reading in (True, False)
    ]
    assert counts == [inside, outside]
