"""Claims with the gate and without it, held up by a stranger at the worst instant: they lock the
claimants first and then the units, so nobody waits in a ring.

Each of these ended in a deadlock, broken by the database after a second, while those without the
gate locked a unit before the person."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from campaigns.flash import operations as flash
from campaigns.flash import queries
from campaigns.flash.enums import ClaimAnswer as A
from campaigns.flash.operations import gate
from campaigns.models import FlashClaim, FlashSale, FlashUnit
from journeys.models import Card, Customer
from tests.campaigns.flash import audit
from tests.factories import flash as factory
from tests.factories.journeys import CustomerFactory
from tests.processes import wait_until
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        )  # fmt: skip
        return int(cursor.fetchone()[0])


def waiting() -> int:
    """How many connections wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


@pytest.fixture
def stranger() -> Iterator[Any]:
    """Another connection, in a transaction that ends when a test says so."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        yield other
        other.rollback()


def is_claimed_by(stranger: Any, sale: FlashSale, number: str) -> int:
    """The stranger writes a claim for a customer, to a unit that the gate does not know, and does
    not commit: whoever claims for that customer has to wait."""
    flash.fill_gate(sale_id=sale.pk, at=timezone.now())
    unit = sale.units + 1
    FlashUnit.objects.create(sale=sale, number=unit)
    who = Customer.objects.get(number=number)
    card = Card.objects.get(customer=who)
    at = timezone.now()
    stranger.execute(
        "INSERT INTO campaigns_flashclaim (sale_id, number, customer_id, card_id, state,"
        " claimed_at, held_until) VALUES (%s, %s, %s, %s, 'held', %s, %s + interval '30 s')",
        [sale.pk, unit, who.pk, card.pk, at, at],
    )
    return unit


def one_after_the_other(
    first: Callable[[], A], second: Callable[[], A], *, between: Callable[[], Any],
    end: Callable[[], Any],
) -> list[A]:  # fmt: skip
    """The second begins when the first waits for somebody; `end` comes when the second waits as
    well, looks for another unit, or is done."""

    def closing(work: Callable[[], A]) -> A:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(closing, first)
        wait_until(lambda: waiting() == 1, 60, "the first waits")
        between()
        two = pool.submit(closing, second)
        time.sleep(0.7)
        end()
        return [one.result(60), two.result(60)]


def test_a_number_that_claims_past_the_gate_while_another_of_the_person_holds_it(
    stranger: Any,
) -> None:
    sale = factory.open_sale(1)
    first, second = factory.qualified(sale, 2)
    known = CustomerFactory.build(id_number="440305198806150001")
    Customer.objects.filter(number__in=[first, second]).update(
        id_number_sealed=known.id_number_sealed, id_number_index=known.id_number_index,
        bearer=known.bearer,
    )  # fmt: skip
    is_claimed_by(stranger, sale, first)
    before, at = deadlocks(), timezone.now()
    told = one_after_the_other(
        lambda: flash.claim(sale=sale, numbers=[first], at=at)[0].answer,
        lambda: flash.claim_by_rows(sale=sale, numbers=[second], at=at)[0].answer,
        between=lambda: None, end=stranger.rollback,
    )  # fmt: skip
    assert (told, deadlocks() - before) == ([A.HELD, A.SAME_PERSON], 0)
    assert FlashClaim.objects.count() == 1


def test_somebody_past_the_gate_while_a_batch_waits_with_a_unit(stranger: Any) -> None:
    """No two of them are one person: the batch has its first unit, and waits with the second."""
    sale = factory.open_sale(2)
    one, two, other = factory.qualified(sale, 3)
    is_claimed_by(stranger, sale, two)
    before, at = deadlocks(), timezone.now()

    def between() -> None:
        found = gate.state(sale.pk)
        assert found
        # The other one can only try for the unit of the first.
        stranger.execute(
            "SELECT FROM campaigns_flashunit WHERE sale_id = %s AND number = %s FOR KEY SHARE",
            [sale.pk, found[1].in_flight[two]],
        )

    told = one_after_the_other(
        lambda: flash.claim(sale=sale, numbers=[one, two], at=at)[1].answer,
        lambda: flash.claim_by_rows(sale=sale, numbers=[other], at=at)[0].answer,
        between=between, end=stranger.rollback,
    )  # fmt: skip
    assert (told[0], deadlocks() - before) == (A.HELD, 0)
    # The other one may have had the stranger's unit since.
    assert set(queries.all_standing(sale.pk)) >= {one, two}


def test_batches_that_were_given_each_others_units_by_a_stale_gate() -> None:
    """A gate that was emptied gives out units once more that are on their way."""
    sale = factory.open_sale(8)
    people = factory.qualified(sale, 16)
    before, at = deadlocks(), timezone.now()

    def claim(place: int) -> None:
        mine = people[place * 4 : place * 4 + 4]
        for _time in range(6):
            flash.claim(sale=sale, numbers=mine if place % 2 else mine[::-1], at=at)
            gate.mend(sale.pk, 1, units_in=range(1, 9), had_out=mine)

    in_threads(4, claim)
    assert deadlocks() == before
    assert len(queries.all_standing(sale.pk)) == 8
    flash.confirm(sale=sale, numbers=people, at=at)
    audit.assert_exactly(sale.pk, 16)
