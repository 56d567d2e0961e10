"""Killing the sender and everything around it, and emptying the queue: nobody is missed, nobody
gets two, and nobody gets what was forbidden meanwhile."""

import contextlib
import datetime as dt
import random
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import timezone

from journeys.contact import operations as contact
from journeys.outreach import operations as outreach
from journeys.outreach.models import Message, Receipt
from journeys.sandbox.models import ReceivedMessage
from portal.runtime import engines
from tests.factories.journeys import ConsentFactory, ContactRuleFactory, CustomerFactory
from tests.factories.outreach import TemplateFactory
from tests.factories.portal import BranchFactory
from tests.processes import Processes, wait_until
from tests.project.rows import row_of
from tests.races import crashed_outbox as bank
from tests.races.crashed_outbox import TIMES

pytestmark = pytest.mark.django_db(transaction=True)


def queue(count: int, channels: tuple[str, str] = ("email", "sms")) -> None:
    """Half the people are reached by the one channel, half by the other; the hours are open
    whatever the time."""
    ContactRuleFactory(opens="00:00", closes="23:59:59.999999")
    TemplateFactory()
    TemplateFactory(channel="email")
    branch = BranchFactory()
    ids = []
    for number in range(count):
        customer = CustomerFactory(branch=branch)
        ConsentFactory(customer=customer, channel=channels[number % 2])
        ids.append(customer.pk)
    outreach.queue_messages(
        customer_ids=ids,
        contexts={customer_id: {"name": "王**"} for customer_id in ids},
        purpose="marketing",
        channels=["sms", "email"],
        template_code="greeting",
        origin="crash",
        dedup_key="crash",
        at=timezone.now(),
    )


def all_sent() -> bool:
    return not Message.objects.exclude(state="sent").exists()


def assert_each_received_once(count: int) -> None:
    assert Message.objects.filter(state="sent").count() == count
    keys = list(ReceivedMessage.objects.values_list("message_key", flat=True))
    assert (len(keys), len(set(keys))) == (count, count)
    channels = ReceivedMessage.objects.values_list("channel", flat=True)
    assert sorted(channels) == ["email"] * (count // 2) + ["sms"] * (count // 2)


def freeze_between_two_hand_overs(processes: Processes, worker: "subprocess.Popen[bytes]") -> None:
    """A batch was handed over in part, and nothing about it written down."""

    def is_in_the_middle() -> bool:
        processes.freeze(worker)
        sent = Message.objects.filter(state="sent").count()
        if ReceivedMessage.objects.count() > sent:
            return True
        processes.thaw(worker)
        return False

    wait_until(is_in_the_middle, 60, "a batch handed over in part")


@pytest.mark.parametrize("count", [300, pytest.param(3_000, marks=pytest.mark.chaos)])
def test_a_killed_sender_misses_nobody_and_sends_nothing_twice(count: int) -> None:
    queue(count)
    with Processes(**TIMES) as processes:
        processes.start_sandbox()
        worker = processes.start_worker()
        processes.send_task("journeys.send_due_messages")
        wait_until(lambda: ReceivedMessage.objects.count() >= 100, 60, "100 handed over")
        freeze_between_two_hand_overs(processes, worker)
        processes.kill(worker)
        assert Message.objects.filter(state="sending").exists()
        processes.start_worker()

        def tick_and_look() -> bool:
            processes.send_task("journeys.send_due_messages")
            time.sleep(0.5)
            return all_sent()

        wait_until(tick_and_look, 60 + count / 10, "all messages sent")
    assert_each_received_once(count)


@pytest.mark.parametrize("count", [20, pytest.param(2_000, marks=pytest.mark.chaos)])
def test_emptying_the_queue_loses_nothing(count: int) -> None:
    queue(count)
    with Processes() as processes:
        processes.start_sandbox()
        processes.send_task("journeys.send_due_messages")
        processes.flush_queue()
        processes.start_worker()
        wait_until(processes.answers, 60, "the worker takes tasks")
        assert Message.objects.filter(state="queued").count() == count

        def tick_and_look() -> bool:
            processes.send_task("journeys.send_due_messages")
            time.sleep(0.5)
            return all_sent()

        wait_until(tick_and_look, 60 + count / 10, "all messages sent")
    assert_each_received_once(count)


@pytest.mark.parametrize("count", [300, pytest.param(3_000, marks=pytest.mark.chaos)])
def test_a_receipt_settles_what_a_killed_sender_left_open(count: int) -> None:
    """Whatever the gateway says when it is asked: here it has forgotten all that it had taken."""
    queue(count, channels=("sms", "sms"))
    with Processes(**TIMES) as processes:
        processes.start_sandbox()
        processes.start_web()
        wait_until(processes.web_answers, 60, "the web server")
        worker = processes.start_worker()
        processes.send_task("journeys.send_due_messages")
        wait_until(lambda: ReceivedMessage.objects.count() >= 100, 60, "100 handed over")
        freeze_between_two_hand_overs(processes, worker)
        processes.kill(worker)
        time.sleep(1)  # what was on its way to the gateway is there
        taken = [bank.message_of(key) for key in bank.keys_taken()]
        open_ends = Message.objects.filter(pk__in=taken, state="sending")
        left = set(open_ends.values_list("pk", flat=True))
        assert left
        wait_until(lambda: left <= _with_receipt(), 60, "the receipts of what was left open")
        ReceivedMessage.objects.update(message_key=Concat(Value(bank.FORGOTTEN), F("message_key")))
        processes.start_worker()

        def tick_and_look() -> bool:
            processes.send_task("journeys.send_due_messages")
            time.sleep(0.5)
            return all_sent()

        wait_until(tick_and_look, 60 + count / 10, "all messages sent")
    keys = bank.keys_taken()
    assert (len(keys), len(set(keys))) == (count, count)


def _with_receipt() -> set[int]:
    return set(Receipt.objects.values_list("message_id", flat=True))


# --- everything is killed, again and again --------------------------------------------------------


def queue_for(ids: list[int], origin: str, priority: int) -> None:
    for first in range(0, len(ids), 5_000):
        some = ids[first : first + 5_000]
        outreach.queue_messages(
            customer_ids=some, contexts={one: {"name": "王**"} for one in some},
            purpose="marketing", channels=["sms", "email"], template_code="greeting",
            origin=origin, dedup_key=origin, at=timezone.now(), priority=priority,
        )  # fmt: skip


class Bench:
    """What may be killed at any instant, and is started again."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes
        self._start: dict[str, Callable[[], engines.Process]] = {
            "valkey": processes.use_own_valkey,
            "web": processes.start_web,
            "worker": processes.start_worker,
            "other worker": processes.start_worker,
            "beat": processes.start_beat,
        }
        self._running: dict[str, engines.Process] = {}
        for name, start in self._start.items():
            self._running[name] = start()
            if name == "web":  # receipts come to it from the first message on
                wait_until(processes.web_answers, 60, "the web server")
        self.killed = 0

    def kill_one(self, dice: random.Random) -> None:
        name = dice.choice(sorted(self._running))
        self._processes.kill(self._running[name])
        self._running[name] = self._start[name]()
        self.killed += 1

    def start_what_ended(self) -> None:
        """As whatever looks after the processes of a bank does."""
        for name, process in self._running.items():
            if process.poll() is not None:
                with contextlib.suppress(ValueError):
                    self._processes.kill(process)
                self._running[name] = self._start[name]()

    def end(self) -> None:
        for process in self._running.values():
            self._processes.kill(process)


@contextlib.contextmanager
def a_bench(processes: Processes) -> Iterator[Bench]:
    bench = Bench(processes)
    try:
        yield bench
    finally:
        bench.end()


def says_no(customer_id: int, *, for_ever: bool) -> None:
    """The instant is taken once the person is locked, so that it can be compared exactly."""
    with transaction.atomic():
        contact.lock_customers([customer_id])
        at = timezone.now()
        if for_ever:
            contact.record_do_not_contact(
                customer_id=customer_id, words="R", source="sms", actor=None, at=at
            )
            return
        for channel in ("sms", "email"):
            contact.withdraw_consent(
                customer_id=customer_id, purpose="marketing", channel=channel, evidence="R",
                actor=None, at=at,
            )  # fmt: skip


def is_over() -> bool:
    """What the cap holds back until tomorrow is over for today."""
    soon = timezone.now() + dt.timedelta(minutes=30)
    under_way = Message.objects.filter(state__in=["sending", "in_doubt"]).exists()
    return (
        not under_way and not Message.objects.filter(state="queued", not_before__lt=soon).exists()
    )


@pytest.mark.parametrize(
    ("count", "per_minute", "kills"),
    [(300, 1_800, 5), pytest.param(100_000, 60_000, 60, marks=pytest.mark.chaos)],
)
def test_whatever_is_killed_everybody_due_gets_exactly_one(
    count: int, per_minute: int, kills: int, settings: Any
) -> None:
    for name, seconds in TIMES.items():
        setattr(settings, name, int(seconds))  # by which the auditor goes
    dice, ids = random.Random(11), bank.a_bank(count)
    for channel in ("sms", "email"):
        row_of(
            "journeys.SendingRate", channel=channel, per_minute=per_minute // 2,
            burst=min(500, count // 10),
        )  # fmt: skip
    queue_for(ids, "crash:usual", 50)
    # Of higher priority, for every tenth: it has the one place of the day.
    queue_for(ids[::10], "crash:first", 10)
    bank.count_rows()
    spoken = dice.sample(ids, count // 20)
    begun = timezone.now()
    closes: dt.datetime | None = None
    with Processes(**TIMES, OUTBOX_SENDERS="2", WEB_CONCURRENCY="1") as processes:
        processes.start_sandbox(has_faults=True)
        with a_bench(processes) as bench:
            end = time.monotonic() + 120 + count / 50
            while bench.killed < kills or closes is None or not is_over():
                assert time.monotonic() < end, Message.objects.values_list("state").distinct()
                if closes is None and bank.sent_there() >= 5 + count // 200:
                    closes = bank.close_soon()
                for _each in range(min(len(spoken), max(1, count // 2_000))):
                    says_no(spoken.pop(), for_ever=bool(len(spoken) % 2))
                if bench.killed < kills:
                    bench.kill_one(dice)
                bench.start_what_ended()
                time.sleep(dice.uniform(0.2, 1.5))
    bank.assert_exactly_one_for_each_due(ids, begun)
    assert closes is not None
    bank.assert_closed_in_the_middle(closes)
    bank.assert_receipts_are_kept_once()
