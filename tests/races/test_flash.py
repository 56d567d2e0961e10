"""Flash sales under fire: many customers at the same instant for fewer units; web processes, the
worker, Valkey and PostgreSQL killed with -9 in turn, Valkey emptied. In the end there are exactly
min(stock, eligible claimants) grants, one each, and every success that was told has its grant."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from celery import Celery
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from campaigns.flash import operations as flash
from campaigns.flash.enums import ClaimAnswer as A
from campaigns.models import FlashClaim, FlashSale
from portal.runtime import engines
from tests.campaigns.flash import audit
from tests.factories import flash as factory
from tests.ports import free_port
from tests.processes import Processes, database_url, wait_until
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)

UNITS_AND_PEOPLE = [
    (5, 16),
    (16, 10),
    pytest.param(500, 2_000, marks=pytest.mark.chaos),
]


@pytest.mark.parametrize(("units", "people"), UNITS_AND_PEOPLE)
def test_many_at_once_for_fewer_units(units: int, people: int) -> None:
    sale = factory.open_sale(units)
    numbers = factory.qualified(sale, people)
    threads = min(people, 64)
    at = timezone.now()

    def work(place: int) -> set[str]:
        granted = set()
        for who in numbers[place::threads]:
            (told,) = flash.claim(sale=sale, numbers=[who], at=at)
            if told.answer == A.HELD:
                (told,) = flash.confirm(sale=sale, numbers=[who], at=at)
            if told.answer == A.GRANTED:
                granted.add(who)
        return granted

    told = set().union(*in_threads(threads, work))
    audit.assert_exactly(sale.pk, people)
    assert told == audit.granted_to(sale.pk)


def test_one_customer_from_many_devices_has_one() -> None:
    sale = factory.open_sale(16)
    (one,) = factory.qualified(sale, 1)
    at = timezone.now()
    told = in_threads(8, lambda _place: flash.claim(sale=sale, numbers=[one], at=at)[0])
    assert {answer.answer for answer in told} == {A.HELD}
    assert len({answer.claim_id for answer in told}) == 1
    assert FlashClaim.objects.count() == 1


def test_many_confirm_one_hold_at_once_and_it_is_granted_once() -> None:
    sale = factory.open_sale(1)
    (one,) = factory.qualified(sale, 1)
    at = timezone.now()
    flash.claim(sale=sale, numbers=[one], at=at)
    told = in_threads(8, lambda _place: flash.confirm(sale=sale, numbers=[one], at=at)[0])
    assert {answer.answer for answer in told} == {A.GRANTED}
    audit.assert_exactly(sale.pk, 1)


class OwnValkey:
    """A Valkey of this test alone, which may be killed and begins empty again."""

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="portal-valkey-"))
        self._port = free_port()
        self.url = f"redis://:flash@127.0.0.1:{self._port}/0"
        self.start()

    def start(self) -> None:
        """This will start it and wait until it answers."""
        log = self._home / "log"
        self._process = engines.start_valkey(
            self._home / "data", self._port, "flash", log, durable=False
        )
        engines.wait_for(
            "Valkey", lambda: engines.valkey_answers(self._port, "flash"), self._process, 30, log
        )

    def flush(self) -> None:
        """This will empty it."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def ask_for_reconciling(self, times: int) -> None:
        """This will put the clock's task on the queue."""
        with Celery(broker=self.url) as celery:
            for _time in range(times):
                celery.send_task("campaigns.reconcile_sales")

    def kill(self) -> None:
        """This will end it at once (-9)."""
        self._process.kill()
        self._process.wait(timeout=60)

    def remove(self) -> None:
        """This will end it and remove its files."""
        self.kill()
        shutil.rmtree(self._home)


@pytest.fixture
def own_valkey() -> Iterator[OwnValkey]:
    found = OwnValkey()
    yield found
    found.remove()


@pytest.mark.parametrize(
    ("units", "people", "threads"),
    [
        (60, 120, 8),
        (120, 60, 8),
        pytest.param(10_000, 12_000, 100, marks=pytest.mark.chaos),
    ],
)
def test_everything_is_killed_in_turn(
    units: int, people: int, threads: int, own_valkey: OwnValkey
) -> None:
    sale = factory.open_sale(units, hold_seconds=2)
    factory.qualified(sale, people)
    half = people // 2
    said: set[str] = set()
    with Processes(REDIS_URL=own_valkey.url) as processes:

        def crowd(*span: int) -> "subprocess.Popen[bytes]":
            words = map(str, (sale.pk, threads, *span))
            return processes.start_module("tests.races.claiming", *words)

        def wait_for_claims(share: float) -> None:
            some = min(units, people) * share
            wait_until(lambda: FlashClaim.objects.count() >= some, 120, f"{some} claims")

        doomed, other = crowd(0, half), crowd(half, people)
        worker = processes.start_worker()
        own_valkey.ask_for_reconciling(500)
        wait_for_claims(0.1)
        processes.kill(doomed)
        wait_for_claims(0.2)
        processes.kill(worker)
        own_valkey.kill()
        time.sleep(0.3)
        own_valkey.start()
        wait_for_claims(0.3)
        own_valkey.flush()
        processes.start_worker()
        own_valkey.ask_for_reconciling(100)
        again = crowd(0, half)  # the customers of the web process that died try once more
        for process in (other, again):
            assert processes.wait_for(process, 300) == 0, processes.log_of(process)[-3000:]
        for process in (doomed, other, again):
            said |= _granted_in(processes.log_of(process))
    audit.assert_exactly(sale.pk, people)
    assert said <= audit.granted_to(sale.pk)
    assert FlashSale.objects.get().epoch >= 2


@pytest.fixture
def _leaves_a_connection() -> Iterator[None]:
    """Whatever becomes of the test, the next ones do not begin on a connection that is dead."""
    yield
    connection.close()


@pytest.mark.usefixtures("_leaves_a_connection")
@pytest.mark.parametrize(
    ("units", "people", "threads"),
    [(60, 90, 8), pytest.param(5_000, 6_000, 50, marks=pytest.mark.chaos)],
)
def test_postgresql_is_killed_and_comes_back(units: int, people: int, threads: int) -> None:
    """A process of PostgreSQL that dies of -9 takes all connections with it, and what is not on
    disk. Tests run on servers that write later; those who claim here do not."""
    sale = factory.open_sale(units, hold_seconds=2)
    factory.qualified(sale, people)
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    durable = database_url(options="-c synchronous_commit=on")
    with Processes(DATABASE_URL=durable) as processes:
        words = map(str, (sale.pk, threads, 0, people))
        crowd = processes.start_module("tests.races.claiming", *words)
        for share in (0.2, 0.5):
            some = min(units, people) * share
            wait_until(lambda some=some: FlashClaim.objects.count() >= some, 120, f"{some} claims")
            _kill_postgresql()
        assert processes.wait_for(crowd, 300) == 0, processes.log_of(crowd)[-3000:]
        said = _granted_in(processes.log_of(crowd))
    audit.assert_exactly(sale.pk, people)
    assert said <= audit.granted_to(sale.pk)


def _kill_postgresql() -> None:
    # Our own process of PostgreSQL, which is there whoever has finished: it takes all others along,
    # and only who was thrown out knows that it went down.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        os.kill(cursor.fetchone()[0], signal.SIGKILL)
    wait_until(lambda: not _answers(), 60, "PostgreSQL is down")
    wait_until(_answers, 60, "PostgreSQL is back")


def _answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (OperationalError, InterfaceError):
        connection.close()
        return False
    return True


def _granted_in(log: str) -> set[str]:
    """The customers who were told of success; a line cut off by the kill was told to nobody."""
    lines = [line.split() for line in log.split("\n")[:-1]]
    return {words[1] for words in lines if words[:1] == ["granted"] and len(words) == 2}
