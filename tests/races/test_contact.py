"""Many reservations at once never break a cap."""

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from journeys.contact import operations as contact
from journeys.contact.models import Contact
from journeys.contact.rules import GateVerdict
from tests.factories.journeys import INSTANT, ConsentFactory, ContactRuleFactory
from tests.factories.portal import BranchFactory

pytestmark = pytest.mark.django_db(transaction=True)


def in_threads(number: int, work: Callable[[int], list[GateVerdict]]) -> list[list[GateVerdict]]:
    """They start at the same instant; each has its own connection, closed at the end."""
    barrier = threading.Barrier(number)

    def one(place: int) -> list[GateVerdict]:
        try:
            barrier.wait()
            return work(place)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def test_eight_reservations_at_once_keep_the_caps() -> None:
    ContactRuleFactory(day_cap=2, month_cap=3)
    branch = BranchFactory()
    ids = [ConsentFactory(customer__branch=branch).customer_id for _ in range(40)]

    def reserve(place: int) -> list[GateVerdict]:
        # Every other thread names the customers the other way round, and for the next day.
        order = ids if place % 2 else ids[::-1]
        at = INSTANT + dt.timedelta(hours=12 * (place % 3))
        return contact.reserve_contacts(
            customer_ids=order, purpose="marketing", channels=["sms"], origin="race",
            dedup_key=f"race:{place}", at=at,
        )  # fmt: skip

    verdicts = in_threads(8, reserve)
    opened = sum(verdict.is_open for each in verdicts for verdict in each)
    assert opened == Contact.objects.count()
    for customer_id in ids:
        times = sorted(Contact.objects.filter(customer_id=customer_id).values_list("at", flat=True))
        assert len(times) in {2, 3}
        for start in times:
            day = [one for one in times if start <= one < start + dt.timedelta(hours=24)]
            assert len(day) <= 2


def test_the_same_cause_at_once_is_reserved_once() -> None:
    ContactRuleFactory()
    branch = BranchFactory()
    ids = [ConsentFactory(customer__branch=branch).customer_id for _ in range(40)]

    def reserve(_place: int) -> list[GateVerdict]:
        return contact.reserve_contacts(
            customer_ids=ids, purpose="marketing", channels=["sms"], origin="race",
            dedup_key="race", at=INSTANT,
        )  # fmt: skip

    verdicts = in_threads(8, reserve)
    answers = sorted(verdict.answer for each in verdicts for verdict in each)
    assert answers == ["already"] * 280 + ["open"] * 40
    assert Contact.objects.count() == 40
