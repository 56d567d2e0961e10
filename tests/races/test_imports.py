"""Two imports at once neither block each other for ever nor write anything twice."""

import threading
from pathlib import Path

import pytest
from django.db import connection

from journeys.models import Card, Transaction
from portal.intake.rules import ImportReport
from tests.factories.intake import counts_of, make_bank, take
from tests.factories.journeys import CardFactory

CARDS = "reference,customer,product,branch,issued_date\n"
ROWS = "reference,card,amount,posted_date\n"


def _at_once(works: list[tuple[Path, str, str]]) -> list[ImportReport]:
    reports: list[ImportReport] = []
    start = threading.Barrier(len(works))

    def work(folder: Path, kind: str, content: str) -> None:
        folder.mkdir()
        start.wait()
        try:
            reports.append(take(folder, kind, content))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=asked) for asked in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return reports


@pytest.mark.django_db(transaction=True)
def test_the_same_rows_in_opposite_order_at_once(tmp_path: Path) -> None:
    make_bank()
    lines = [f"T{n},K{n % 2 + 1},5.00,2026-03-05\n" for n in range(3_000)]
    reports = _at_once([
        (tmp_path / "a", "transactions", ROWS + "".join(lines)),
        (tmp_path / "b", "transactions", ROWS + "".join(reversed(lines))),
    ])  # fmt: skip
    assert sorted(map(counts_of, reports)) == [(0, 0, 3_000, 0), (3_000, 0, 0, 0)]
    assert Transaction.objects.count() == 3_000


@pytest.mark.django_db(transaction=True)
def test_cards_and_their_transactions_at_once(tmp_path: Path) -> None:
    make_bank()
    customer = Card.objects.get(reference="K1").customer
    numbers = range(500)
    for number in numbers:
        CardFactory(reference=f"X{number}", customer=customer, application=None,
                    product=Card.objects.get(reference="K1").product)  # fmt: skip
    cards = [f"X{n},C1,GOLD,B001,2026-03-01\n" for n in numbers]
    rows = [f"T{n},X{n},5.00,2026-03-05\n" for n in reversed(numbers)]
    reports = _at_once([
        (tmp_path / "a", "cards", CARDS + "".join(cards)),
        (tmp_path / "b", "transactions", ROWS + "".join(rows)),
    ])  # fmt: skip
    assert sorted(map(counts_of, reports)) == [(0, 500, 0, 0), (500, 0, 0, 0)]
    assert (
        Card.objects.filter(issued_date="2026-03-01", first_used_date="2026-03-05").count() == 500
    )
