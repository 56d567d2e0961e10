"""References of the house's own entries: no source takes one, and none that stands loses points."""

import datetime as dt
import logging
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from journeys.models import Card, Customer, PointsBatch, PointsEntry
from journeys.points import operations, queries
from journeys.points.enums import HOUSE_PREFIXES
from portal.models import AuditEntry
from tests.factories.intake import AT, counts_of, errors_of, make_bank, take
from tests.factories.journeys import CustomerFactory, TransactionFactory

HEADER = "reference,customer,kind,points,on_date,expires_date\n"
DAY = dt.date(2026, 5, 1)
LATER = dt.date(2026, 6, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bank() -> None:
    make_bank()
    CustomerFactory(number="C2")


def customer(number: str) -> Customer:
    return Customer.objects.get(number=number)


def told_before(reference: str, kind: str = "earned", points: int = 5, **values: Any) -> None:
    """An entry from before the house kept its references to itself."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        name = "points_house_references"
        cursor.execute(f"ALTER TABLE journeys_pointsentry DROP CONSTRAINT IF EXISTS {name}")
    facts = {"customer": customer("C1"), "on_date": DAY, **values}
    PointsEntry.objects.create(reference=reference, kind=kind, points=points, **facts)


@pytest.mark.parametrize("prefix", HOUSE_PREFIXES)
@pytest.mark.parametrize("rest", ["7", "7:1", "7:2026-04", ""])
def test_no_source_takes_a_reference_of_the_house(tmp_path: Path, prefix: str, rest: str) -> None:
    rows = f"{prefix}:{rest},C1,earned,5,2026-03-01,\nS1,C1,earned,5,2026-03-01,\n"
    report = take(tmp_path, "points", HEADER + rows)
    assert errors_of(report) == [
        f'2,reference,{prefix}:{rest},"References that begin with earned:, adjusted:, expired:,'
        " restored:, reward: are those of the portal itself; put the name of your system before it,"
        ' the same in all files."'
    ]
    assert [entry.reference for entry in PointsEntry.objects.all()] == ["S1"]


@pytest.mark.parametrize("reference", ["earned", "earnedX:1", "core:earned:7:1", "Reward:7"])
def test_what_only_holds_such_a_word_is_taken(tmp_path: Path, reference: str) -> None:
    report = take(tmp_path, "points", HEADER + f"{reference},C1,earned,5,2026-03-01,\n")
    assert counts_of(report) == (1, 0, 0, 0)


def test_a_credit_that_would_be_lost_is_raised(tmp_path: Path) -> None:
    """For somebody else, or for other points, under the reference of a grant."""
    told_before("reward:77")
    for holder, points in (("C2", 5), ("C1", 500)):
        credit = operations.PointsCredit("reward:77", customer(holder).pk, points, DAY)
        other = operations.PointsCredit("reward:78", customer(holder).pk, points, DAY)
        with pytest.raises(operations.CreditStandsOtherwise) as refused:
            operations.credit_points(credits=[other, credit], at=AT)
        assert str(refused.value) == "They stand otherwise: reward:77."
    assert PointsEntry.objects.count() == 1
    assert not AuditEntry.objects.filter(action="points.credited").exists()


def test_the_same_credit_twice_is_one() -> None:
    credit = operations.PointsCredit("reward:77", customer("C1").pk, 500, DAY)
    operations.credit_points(credits=[credit], at=AT)
    operations.credit_points(credits=[credit], at=AT)
    assert queries.balance_of(customer("C1").pk) == 500


def test_a_reference_in_the_way_stops_no_expiry(tmp_path: Path) -> None:
    """Not even that of its own batch, which goes on to the next number."""
    rows = "P1,C1,earned,100,2025-03-01,2026-03-01\nP2,C2,earned,100,2025-03-01,2026-03-01\n"
    take(tmp_path, "points", HEADER + rows)
    entry = PointsEntry.objects.get(reference="P1")
    told_before(f"expired:{entry.pk}:1", "redeemed", -5, on_date=dt.date(2026, 1, 1))
    assert operations.expire_points(on=LATER, at=AT) == 2
    assert operations.expire_points(on=LATER, at=AT) == 0
    balances = [queries.balance_of(customer(number).pk) for number in ("C1", "C2")]
    assert balances == [0, 0]
    written = PointsEntry.objects.filter(kind="expired", batch=entry)
    assert [(one.reference, one.points) for one in written] == [(f"expired:{entry.pk}:2", -95)]
    batch = PointsBatch.objects.get(pk=entry.pk)
    assert (batch.used, batch.expired, batch.left) == (5, 95, 0)


def test_a_reference_in_the_way_stops_nobody_elses_months_points(
    caplog: pytest.LogCaptureFixture,
) -> None:
    held = Card.objects.get(reference="K1")
    other = Card.objects.get(reference="K2")
    Card.objects.filter(pk=other.pk).update(customer=customer("C2"))
    for card in (held, Card.objects.get(pk=other.pk)):
        TransactionFactory(card=card, amount=Decimal(1000), posted_date=dt.date(2026, 4, 3))
    told_before(f"earned:{held.customer_id}:2026-04", on_date=dt.date(2026, 4, 15))
    caplog.set_level(logging.ERROR)
    for written in (1, 0):
        caplog.clear()
        first, end = dt.date(2026, 4, 1), dt.date(2026, 5, 1)
        assert operations.earn_from_spending(first=first, end=end, at=AT) == written
        assert [record.getMessage() for record in caplog.records] == [
            "Points of 1 months could not be booked: another entry has their reference."
        ]
    assert queries.balance_of(customer("C2").pk) == 1000
