"""A pause or a stop comes while messages are going out: what is in a worker's hands goes, and all
else stays, within seconds."""

import threading
import time
from typing import Any

import pytest
from django.utils import timezone

from journeys.contact.models import Contact
from journeys.outreach import operations as outreach
from journeys.outreach import queries
from journeys.outreach.models import Message, OriginHalt
from tests.factories.portal import StaffFactory
from tests.journeys.outreach.gateways import gateways
from tests.project.rows import row_of
from tests.races.test_outbox import due_messages
from tests.races.threads import in_threads

__all__ = ["gateways"]
pytestmark = pytest.mark.django_db(transaction=True)
COUNT, FIRST = 240, 40


@pytest.mark.parametrize("way", ["pause", "stop"])
def test_what_is_in_hand_goes_and_nothing_after_it(way: str, gateways: None, settings: Any) -> None:
    """Two senders, and as many messages as would take them a minute."""
    settings.OUTBOX_SENDERS = 2
    due_messages(COUNT)
    row_of("journeys.SendingRate", channel="sms", per_minute=COUNT, burst=FIRST)
    officer, halted = StaffFactory(role="compliance"), threading.Event()
    halt = {"pause": outreach.pause_origin, "stop": outreach.stop_origin}[way]

    def work(place: int) -> float:
        if place:
            outreach.send_due_messages(clock=timezone.now, seconds=90, batch_size=10)
            return time.monotonic()
        while Message.objects.filter(state="sent").count() < FIRST:
            assert not halted.wait(0.05)
        halt(origin="test", reason="wrong", actor=officer, at=timezone.now())
        halted.set()
        return time.monotonic()

    stopped, *ended = in_threads(3, work)
    # Nobody waits for the rest of the minute.
    assert max(ended) - stopped < 30
    (row,) = OriginHalt.objects.all()
    sent = Message.objects.filter(state="sent")
    assert FIRST <= sent.count() <= FIRST + 3 * 2 * 10
    rest = Message.objects.exclude(state="sent").values_list("state", flat=True)
    assert set(rest) <= ({"queued", "held"} if way == "pause" else {"cancelled"})
    outreach.send_due_messages(clock=timezone.now, seconds=30)
    assert sent.count() == COUNT - len(rest)
    if way == "stop":
        assert Contact.objects.filter(released_at=None).count() == sent.count()
    breaches = queries.find_breaches(
        since=row.halted_at.replace(hour=0), at=timezone.now(), grace=5
    )
    assert [one for one in breaches if one.rule == "halt"] == []
