"""Several senders at once hand every message over once."""

from typing import Any

import pytest
from django.utils import timezone

from journeys.outreach import operations as outreach
from journeys.outreach.models import Message
from journeys.sandbox.models import ReceivedMessage
from tests.factories.journeys import ConsentFactory, ContactRuleFactory, CustomerFactory
from tests.factories.outreach import MessageFactory
from tests.factories.portal import BranchFactory
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)


def due_messages(count: int) -> None:
    ContactRuleFactory(opens="00:00", closes="23:59:59.999999")
    branch = BranchFactory()
    for number in range(count):
        # Every fourth one is a second message to the same person.
        if number % 4:
            customer = CustomerFactory(branch=branch)
            ConsentFactory(customer=customer)
        elif number == 0:
            customer = ConsentFactory(customer__branch=branch).customer
        MessageFactory(customer=customer)


def test_four_senders_hand_each_message_over_once(gateways: None, settings: Any) -> None:
    settings.OUTBOX_SENDERS = 4
    settings.EMAIL_TIMEOUT = settings.OUTBOX_HAND_OVER_SECONDS = 30
    due_messages(120)
    sent = in_threads(
        4, lambda _place: outreach.send_due_messages(clock=timezone.now, seconds=30, batch_size=5)
    )
    # What two senders left to each other at the end, the next tick takes up.
    sent.append(outreach.send_due_messages(clock=timezone.now, seconds=30))
    assert sum(sent) == 120
    assert Message.objects.filter(state="sent", attempts=1).count() == 120
    keys = list(ReceivedMessage.objects.values_list("message_key", flat=True))
    assert (len(keys), len(set(keys))) == (120, 120)


def test_no_more_senders_than_places(gateways: None, settings: Any) -> None:
    settings.OUTBOX_SENDERS = 1
    due_messages(40)
    sent = in_threads(4, lambda _place: outreach.send_due_messages(clock=timezone.now, seconds=30))
    assert sorted(sent)[:3] == [0, 0, 0]
    assert Message.objects.filter(state="sent").count() == 40
    assert outreach.send_due_messages(clock=timezone.now, seconds=30) == 0
