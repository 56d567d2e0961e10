"""Flash sales while the web server is killed: its workers and its master, with -9, as customers
claim by HTTP. In the end there are exactly min(stock, eligible claimants) grants, and success was
told to those who have one, and to nobody else."""

import os
import random
import signal
import subprocess
import time

import pytest
from django.utils import timezone

from campaigns.flash.enums import ClaimAnswer as A
from campaigns.models import FlashClaim
from portal.intake import operations as intake
from portal.kit import clock
from tests.campaigns.flash import audit
from tests.factories import flash as factory
from tests.factories.portal import StaffFactory
from tests.processes import Processes, wait_until
from tests.races.web_claiming import WebCrowd

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 2
SAID = {A.HELD, A.GRANTED, A.ALL_HELD, A.SOLD_OUT, A.EXPIRED, A.NONE, A.BUSY}


@pytest.mark.parametrize(
    ("units", "people", "threads", "workers_killed"),
    [
        (80, 120, 8, 1),
        pytest.param(5_000, 6_000, 48, 6, marks=pytest.mark.chaos),
        pytest.param(6_000, 5_000, 48, 6, marks=pytest.mark.chaos),
    ],
)
def test_web_workers_and_their_master_are_killed(
    units: int, people: int, threads: int, workers_killed: int
) -> None:
    sale = factory.open_sale(units, hold_seconds=2)
    numbers = factory.qualified(sale, people)
    expected = min(units, people)

    def wait_for_claims(share: float) -> None:
        some = expected * share
        wait_until(lambda: FlashClaim.objects.count() >= some, 120, f"{some} claims")

    with Processes(WEB_CONCURRENCY=str(WORKERS)) as processes:
        processes.start_worker()
        web = start_web(processes)
        with WebCrowd(
            port=processes.web_port, token=token(), sale_id=sale.pk, numbers=numbers,
            threads=threads,
        ) as crowd:  # fmt: skip
            for number in range(workers_killed):
                wait_for_claims(0.1 + 0.4 * number / workers_killed)
                kill_a_worker(processes, web)
            wait_for_claims(0.5)
            processes.kill_alone(web)
            assert not processes.web_answers(), "a worker outlived its master"
            assert not crowd.is_done(), "killed too late"
            processes.flush_queue()  # the gate is in the same Valkey, and gone too
            start_web(processes)
            while not crowd.is_done():  # as the clock does
                processes.send_task("campaigns.reconcile_sales")
                time.sleep(0.5)
    assert crowd.heard <= SAID
    assert (crowd.left, crowd.broken > 0) == ([], True)
    audit.assert_exactly(sale.pk, people)
    assert crowd.granted == audit.granted_to(sale.pk)


def start_web(processes: Processes) -> "subprocess.Popen[bytes]":
    web = processes.start_web()
    wait_until(processes.web_answers, 60, "the web server")
    return web


def kill_a_worker(processes: Processes, web: "subprocess.Popen[bytes]") -> None:
    """This will kill one of the web server's workers, and see that its master starts another."""
    doomed = random.choice(sorted(processes.children_of(web)))
    os.kill(doomed, signal.SIGKILL)

    def is_replaced() -> bool:
        workers = processes.children_of(web)
        return doomed not in workers and len(workers) == WORKERS

    wait_until(is_replaced, 30, "another web worker")


def token() -> str:
    """A token of the bank's app for flash redemption."""
    _token, secret = intake.create_token(
        name="app", kinds=["flash_claims"], last_day=clock.today(),
        by=StaffFactory(role="administrator"), at=timezone.now(),
    )  # fmt: skip
    return secret
