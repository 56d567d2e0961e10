"""Killing the worker in the middle of a live run, and emptying the queue: the run ends all the
same, nobody is missed and nobody gets two.

The middle is made certain: the test holds a customer of the fourth chunk. Held against
references, the worker has settled three and waits in the commit of the fourth's decisions; held
against changes, it has decided the fourth and granted, and waits before its contacts.
"""

import datetime as dt
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.utils import timezone

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import queries, rules
from campaigns.models import Decision, Grant, Run, RunChunk
from journeys.models import Contact, Customer, Message
from journeys.sandbox.models import ReceivedMessage
from portal.kit import clock
from tests.factories.campaigns import approved
from tests.factories.crowd import issued, make_crowd
from tests.factories.journeys import ContactRuleFactory
from tests.processes import Processes, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

CHUNKS, HELD = 6, 4


@pytest.fixture(params=[2_400, pytest.param(18_000, marks=pytest.mark.chaos)])
def phones(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The phones of those who qualify, of a crowd that makes six chunks."""
    monkeypatch.setattr(rules, "SMALLEST_CHUNK", request.param // CHUNKS)
    return make_crowd(request.param)


def size() -> int:
    """How many customers a chunk has."""
    return Customer.objects.count() // CHUNKS


def prepare() -> int:
    """An approved version for the crowd, whose messages may go at any hour."""
    ContactRuleFactory(opens="00:00", closes="23:59:59.999999")
    day, around = issued(), dt.timedelta(days=2)
    return approved(issued_from=(day - around).isoformat(), issued_to=(day + around).isoformat()).pk


def start(version_id: int, processes: Processes) -> Run:
    """A live run, started so long ago that the sweeper looks after it. Its chunks are asked for on
    the queue of these processes, which is not the one of the test."""
    at = timezone.now() - rules.STALE_AFTER * 2
    run = eligibility.start_run(
        version_id=version_id, kind="live", on=clock.today(), started_by=None, at=at
    )
    for chunk_id in queries.chunks_to_do(run.pk):
        processes.send_task("campaigns.evaluate_chunk", chunk_id)
    return run


DECIDING, SETTLING = "UPDATE", "NO KEY UPDATE"


@contextmanager
def fourth_chunk_held(strength: str = SETTLING) -> Iterator[None]:
    """Somebody else holds the first one of the fourth chunk, who qualifies."""
    customer_id = Customer.objects.order_by("id")[(HELD - 1) * size()].pk
    holder = connection.copy()
    holder.set_autocommit(False)
    try:
        with holder.cursor() as cursor:
            cursor.execute(
                f"SELECT FROM journeys_customer WHERE id = %s FOR {strength}", [customer_id]
            )
        yield
    finally:
        holder.rollback()
        holder.close()


def states() -> list[str]:
    return list(RunChunk.objects.order_by("number").values_list("state", flat=True))


def is_in_the_middle(strength: str = SETTLING) -> bool:
    """The worker waits for the held customer, in a transaction of the fourth chunk."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        waiting = cursor.fetchone()[0] == 1
    held = RunChunk.objects.get(number=HELD)
    attempts = held.attempts if strength == DECIDING else held.settle_attempts
    return waiting and attempts == 1


def assert_three_are_done(strength: str = SETTLING) -> None:
    """Decided where the fourth is being decided, as nothing is settled before all are; else
    settled."""
    is_settling = strength == SETTLING
    before, after = ("done", "decided") if is_settling else ("decided", "pending")
    assert states() == [before] * 3 + [after] * 3
    assert Decision.objects.count() == (CHUNKS if is_settling else 3) * size()
    assert Grant.objects.count() == (3 * size() // 5 if is_settling else 0)


def tick_until_all_is_sent(processes: Processes, messages: int) -> None:
    def tick_and_look() -> bool:
        processes.send_task("campaigns.sweep_runs")
        processes.send_task("journeys.send_due_messages")
        time.sleep(0.3)
        return Message.objects.filter(state="sent").count() == messages

    wait_until(tick_and_look, 60 + messages / 10, f"all chunks done and {messages} messages sent")


def assert_everybody_once(run: Run, phones: list[str]) -> None:
    run.refresh_from_db()
    assert (run.state, states()) == ("done", ["done"] * CHUNKS)
    everybody = list(Customer.objects.order_by("id").values_list("id", flat=True))
    qualified = everybody[::5]
    decided = Decision.objects.filter(run=run).order_by("customer_id")
    assert list(decided.values_list("customer_id", flat=True)) == everybody
    answered = decided.filter(outcome="qualified", gate="open")
    assert list(answered.values_list("customer_id", flat=True)) == qualified
    for model in (Grant, Contact, Message):
        rows = model.objects.order_by("customer_id")
        assert list(rows.values_list("customer_id", flat=True)) == qualified, model
    received = Counter(ReceivedMessage.objects.values_list("destination", flat=True))
    assert received == Counter(phones)


@pytest.mark.parametrize(("strength", "attempts"), [(DECIDING, (1, 1)), (SETTLING, (1, 2))])
def test_a_run_whose_worker_is_killed_ends_with_everybody_once(
    phones: list[str], strength: str, attempts: tuple[int, int]
) -> None:
    version_id = prepare()
    with Processes() as processes:
        processes.start_sandbox()
        with fourth_chunk_held(strength):
            worker = processes.start_worker()
            run = start(version_id, processes)
            wait_until(lambda: is_in_the_middle(strength), 120, "the fourth chunk half done")
            processes.kill(worker)
            assert_three_are_done(strength)
            # The database does not know yet that the worker died: nobody takes the fourth, and
            # nobody settles those after it before their turn.
            before, fourth = states()[HELD - 2 : HELD]
            processes.start_worker()
            processes.send_task("campaigns.sweep_runs")
            expected = [before] * 3 + [fourth] + ["decided"] * 2
            wait_until(lambda: states() == expected, 60, "the others decided")
            time.sleep(1)
            assert states() == expected
        tick_until_all_is_sent(processes, len(phones))
    assert_everybody_once(run, phones)
    # A commit that was under way came through; what was not committed was done again.
    held = RunChunk.objects.get(number=HELD)
    assert (held.attempts, held.settle_attempts) == attempts


def test_a_run_whose_queue_is_emptied_ends_with_everybody_once(phones: list[str]) -> None:
    version_id = prepare()
    with Processes() as processes:
        processes.start_sandbox()
        processes.start_worker()
        with fourth_chunk_held(DECIDING):
            run = start(version_id, processes)
            wait_until(lambda: is_in_the_middle(DECIDING), 120, "the fourth chunk half done")
            processes.flush_queue()
            assert_three_are_done(DECIDING)
        wait_until(lambda: states()[HELD - 1] == "decided", 60, "the fourth chunk decided")
        time.sleep(1)
        assert states()[HELD:] == ["pending"] * 2
        tick_until_all_is_sent(processes, len(phones))
    assert_everybody_once(run, phones)
