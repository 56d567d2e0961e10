"""Killing the sender, and emptying the queue: nobody is missed and nobody gets two."""

import subprocess
import time

import pytest
from django.utils import timezone

from journeys.outreach import operations as outreach
from journeys.outreach.models import Message
from journeys.sandbox.models import ReceivedMessage
from tests.factories.journeys import ConsentFactory, ContactRuleFactory, CustomerFactory
from tests.factories.outreach import TemplateFactory
from tests.factories.portal import BranchFactory
from tests.processes import Processes, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


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
    with Processes(OUTBOX_LEASE_SECONDS="3", OUTBOX_HAND_OVER_SECONDS="2") as processes:
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
        time.sleep(1)
        assert Message.objects.filter(state="queued").count() == count

        def tick_and_look() -> bool:
            processes.send_task("journeys.send_due_messages")
            time.sleep(0.5)
            return all_sent()

        wait_until(tick_and_look, 60 + count / 10, "all messages sent")
    assert_each_received_once(count)
