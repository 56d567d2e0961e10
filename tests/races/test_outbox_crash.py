"""Killing the sender and everything around it, and emptying the queue: nobody is missed, nobody
gets two, and nobody gets what was forbidden meanwhile."""

import contextlib
import datetime as dt
import random
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction
from django.utils import timezone

from journeys.contact import operations as contact
from journeys.contact.models import Consent, Contact
from journeys.customers.models import Customer
from journeys.outreach import operations as outreach
from journeys.outreach import queries
from journeys.outreach.models import Message
from journeys.sandbox.models import ReceivedMessage
from portal.runtime import engines
from tests.factories.journeys import ConsentFactory, ContactRuleFactory, CustomerFactory
from tests.factories.outreach import TemplateFactory
from tests.factories.portal import BranchFactory
from tests.processes import Processes, wait_until
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db(transaction=True)
# Short, and yet longer than a slow machine lets a process stand still between two steps.
TIMES = {"OUTBOX_LEASE_SECONDS": "8", "OUTBOX_HAND_OVER_SECONDS": "5"}


def queue(count: int) -> None:
    """Half the people are reached by SMS, half by e-mail; the hours are open whatever the time."""
    ContactRuleFactory(opens="00:00", closes="23:59:59.999999")
    TemplateFactory()
    TemplateFactory(channel="email")
    branch = BranchFactory()
    ids = []
    for number in range(count):
        customer = CustomerFactory(branch=branch)
        ConsentFactory(customer=customer, channel="sms" if number % 2 else "email")
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


# --- everything is killed, again and again --------------------------------------------------------

MIDNIGHT = dt.time(0)


def a_bank(count: int) -> list[int]:
    """Half the people agreed to SMS, half to e-mail; all hours are open."""
    ContactRuleFactory(opens=MIDNIGHT, closes=MIDNIGHT, day_cap=1, month_cap=3)
    for channel in ("sms", "email"):
        TemplateFactory(channel=channel)
    branch, before = BranchFactory(), timezone.now() - dt.timedelta(days=9)
    text = ConsentFactory(customer=CustomerFactory(branch=branch)).text
    people = Customer.objects.bulk_create(
        [CustomerFactory.build(branch=branch) for _each in range(count)], batch_size=2000
    )
    Consent.objects.bulk_create(
        [
            Consent(
                customer=one, purpose="marketing", channel="sms" if number % 2 else "email",
                is_granted=True, text=text, evidence="x", effective_at=before, recorded_at=before,
            )
            for number, one in enumerate(people)
        ],
        batch_size=2000,
    )  # fmt: skip
    return [one.pk for one in people]


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
            "worker": processes.start_worker,
            "other worker": processes.start_worker,
            "beat": processes.start_beat,
            "web": processes.start_web,
        }
        self._running = {name: start() for name, start in self._start.items()}
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


def count_rows() -> None:
    """As a bank's database does by itself: engines of tests do not."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


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
    count: int, per_minute: int, kills: int
) -> None:
    dice, ids = random.Random(11), a_bank(count)
    for channel in ("sms", "email"):
        row_of("journeys.SendingRate", channel=channel, per_minute=per_minute // 2, burst=500)
    queue_for(ids, "crash:usual", 50)
    # Of higher priority, for every tenth: it has the one place of the day.
    queue_for(ids[::10], "crash:first", 10)
    count_rows()
    spoken = dice.sample(ids, count // 20)
    begun = timezone.now()
    with Processes(**TIMES, OUTBOX_SENDERS="2", WEB_CONCURRENCY="1") as processes:
        processes.start_sandbox()
        with a_bench(processes) as bench:
            end = time.monotonic() + 120 + count / 50
            while bench.killed < kills or not is_over():
                assert time.monotonic() < end, Message.objects.values_list("state").distinct()
                for _each in range(min(len(spoken), max(1, count // 2_000))):
                    says_no(spoken.pop(), for_ever=bool(len(spoken) % 2))
                if bench.killed < kills:
                    bench.kill_one(dice)
                bench.start_what_ended()
                time.sleep(dice.uniform(0.2, 1.5))
    assert_exactly_one_for_each_due(ids, begun)


def assert_exactly_one_for_each_due(ids: list[int], begun: dt.datetime) -> None:
    sent = Message.objects.filter(state="sent")
    keys = list(ReceivedMessage.objects.values_list("message_key", flat=True))
    assert len(keys) == len(set(keys)) == sent.count()
    assert {int(key.partition("-")[0]) for key in keys} == set(sent.values_list("pk", flat=True))
    # One place a day: the first of a person went, unless the person said no; nothing is lost.
    refused = {
        *Consent.objects.filter(is_granted=False).values_list("customer_id", flat=True),
        *Customer.objects.filter(refusals__isnull=False).values_list("pk", flat=True),
    }
    reached = list(sent.values_list("customer_id", flat=True))
    assert len(reached) == len(set(reached))
    assert set(ids) - refused <= set(reached)
    firsts = Message.objects.filter(origin="crash:first", customer__in=set(ids) - refused)
    assert set(firsts.values_list("state", flat=True)) == {"sent"}
    rest = Message.objects.exclude(state="sent").values_list("state", "failure").distinct()
    assert set(rest) <= {
        ("cancelled", "no_consent"), ("cancelled", "do_not_contact"), ("queued", "yielded"),
        ("queued", "cap_reached"),
    }  # fmt: skip
    assert Contact.objects.filter(released_at=None, dedup_key__startswith="crash").count() == (
        sent.count() + Message.objects.filter(state="queued").count()
    )
    count_rows()
    breaches = queries.find_breaches(since=begun - dt.timedelta(days=1), at=timezone.now(), grace=0)
    assert list(breaches) == []
