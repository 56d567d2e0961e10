"""The big bank of the benchmarks is a right one: its rows were written while triggers slept."""

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q

from benchmarks import bank
from journeys.models import (
    Application,
    Card,
    Complaint,
    Contact,
    Customer,
    CustomerStage,
    MarketingPause,
    Transaction,
)
from journeys.stages import operations as stages
from portal.kit import sealed

ON = dt.date(2026, 10, 28)
pytestmark = pytest.mark.django_db


@pytest.fixture
def small_bank() -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename LIKE 'journeys%'")
        before = set(cursor.fetchall())
        bank.write_rows(cursor, customers=1_200, transactions=6_000, on=ON)
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename LIKE 'journeys%'")
        yield before, set(cursor.fetchall())
        cursor.execute("RESET ALL")


def _lost_ends() -> list[str]:
    """Foreign keys that lead nowhere."""
    found = []
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if not isinstance(field, models.ForeignKey):
                continue
            target = field.related_model._default_manager
            there = target.filter(pk=OuterRef(field.attname))
            rows = model._default_manager.filter(~Q(**{field.name: None}))
            if rows.exclude(Exists(there)).exists():
                found.append(str(field))
    return found


def test_its_rows_hang_together(small_bank: tuple[set[Any], set[Any]]) -> None:
    before, after = small_bank
    assert after == before
    assert _lost_ends() == []
    assert Customer.objects.count() == 1_200
    assert abs(Transaction.objects.count() - 6_000) < 300
    refunds = Transaction.objects.filter(kind="refund")
    purchase = Transaction.objects.filter(
        kind="purchase", reference=OuterRef("refund_of"), card=OuterRef("card"),
        posted_date__lte=OuterRef("posted_date"),
    )  # fmt: skip
    assert refunds.count() == refunds.filter(Exists(purchase)).count() > 100
    assert not Transaction.objects.filter(posted_date__lt=F("card__activated_date")).exists()
    assert not Transaction.objects.filter(posted_date__gt=ON).exists()
    first = Card.objects.filter(first_used_date__isnull=False)[0]
    days = Transaction.objects.filter(card=first, amount__gt=0).values_list("posted_date")
    assert (first.first_used_date,) == min(days)


def test_there_is_something_of_everything(small_bank: Any) -> None:
    assert set(CustomerStage.objects.values_list("stage", flat=True)) == {
        "awareness", "application", "activation", "loyalty",
    }  # fmt: skip
    assert stages.refresh_stages() == 0
    assert set(Application.objects.values_list("state", flat=True)) == {
        "filed", "approved", "refused", "withdrawn",
    }  # fmt: skip
    opened = Complaint.objects.filter(state="open").values_list("number", flat=True)
    assert set(MarketingPause.objects.values_list("reference", flat=True)) == set(opened) != set()
    most = Contact.objects.values("customer").annotate(n=models.Count("id")).order_by("-n")[0]
    assert most["n"] == 5  # the usual cap of a month


def test_known_customers_are_found_by_their_true_numbers(small_bank: Any) -> None:
    row = bank.known_rows(1_200)[7]
    found = Customer.objects.get(phone_index=sealed.blind_index(bank.phone_of(row), "phone"))
    assert found.number == bank.number_of(row)
    assert sealed.unseal(found.phone_sealed, "customer.phone") == bank.phone_of(row)
    assert found.phone_masked == f"{bank.phone_of(row)[:3]}****{bank.phone_of(row)[-4:]}"
    number = bank.id_number_of(row)
    assert sealed.unseal(found.id_number_sealed, "customer.id_number") == number
    assert Customer.objects.values("phone_index").distinct().count() == 1_200
