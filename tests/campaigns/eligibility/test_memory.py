"""The memory of a worker is flat: a run over many customers takes as much as one over few, since
each chunk uses again what the one before it needed."""

import gc
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import rules
from campaigns.models import Decision
from journeys.models import Card, Consent, Transaction
from tests.factories.campaigns import AT, ON, approved, card_in_use

pytestmark = pytest.mark.django_db

CHUNK, FEW, MANY = 150, 450, 2_400
MOST = 1.5  # times as much: what is kept of each chunk takes three times and more


def copies(first: Any, places: range, **own: Callable[[int], Any]) -> list[Any]:
    """Rows like the first one, with values of their own."""
    model = type(first)
    values = {
        field.attname: getattr(first, field.attname)
        for field in model._meta.concrete_fields
        if not field.primary_key
    }
    return model._default_manager.bulk_create(
        model(**values | {name: of(place) for name, of in own.items()}) for place in places
    )


def like(first: Card, places: range) -> None:
    """This will make more customers who qualify as the first one does."""
    people = copies(first.customer, places, number=lambda place: f"M{place}")
    ids = dict(zip(places, (who.pk for who in people), strict=True))
    cards = copies(
        first, places, reference=lambda place: f"M{place}", customer_id=ids.__getitem__,
        application_id=lambda _place: None,
    )  # fmt: skip
    card_ids = dict(zip(places, (card.pk for card in cards), strict=True))
    copies(
        Transaction.objects.get(card=first), places, reference=lambda place: f"M{place}",
        customer_id=ids.__getitem__, card_id=card_ids.__getitem__,
    )  # fmt: skip
    copies(Consent.objects.get(customer=first.customer), places, customer_id=ids.__getitem__)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def most_taken(code: str, kind: str, people: int) -> int:
    """The most bytes at once that a run of a campaign took in this process; it gave everybody
    something."""
    version = approved(code=code, rule={"all": [{"kind": "activated"}, {"kind": "first_used"}]})
    run = eligibility.start_run(version_id=version.pk, kind=kind, on=ON, started_by=None, at=AT)
    assert run.chunks.count() == people // CHUNK
    gc.collect()
    tracemalloc.start()
    try:
        eligibility.work_run(run_id=run.pk, now=lambda: AT)
        taken = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    run.refresh_from_db()
    assert run.state == "done"
    assert Decision.objects.filter(run=run, award="granted", gate="open").count() == people
    return taken


@pytest.mark.parametrize("kind", ["dry_run", "live"])
def test_a_run_over_many_takes_as_much_memory_as_one_over_few(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "SMALLEST_CHUNK", CHUNK)
    monkeypatch.setattr(rules, "LARGEST_CHUNK", CHUNK)
    first = card_in_use()
    like(first, range(1, FEW))
    most_taken("warm", "dry_run", FEW)  # what is loaded once and kept
    few = most_taken("few", kind, FEW)
    like(first, range(FEW, MANY))
    assert most_taken("many", kind, MANY) <= few * MOST
