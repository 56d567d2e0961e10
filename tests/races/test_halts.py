"""A pause or a stop comes while messages are going out: what is in a worker's hands goes, and all
else stays, within seconds."""

import threading
import time
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from campaigns.models import Campaign
from campaigns.planning import operations as planning
from journeys.contact.models import Contact
from journeys.outreach import operations as outreach
from journeys.outreach import queries
from journeys.outreach.models import CallingOff, Message, OriginHalt
from journeys.outreach.operations import calling_off
from portal.audit.models import AuditEntry
from portal.models import Staff
from tests.factories.campaigns import approved
from tests.factories.outreach import MessageFactory
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


@pytest.mark.parametrize("by", ["origin", "campaign"])
def test_a_stop_waits_for_nobody_who_holds_its_messages(by: str) -> None:
    """Somebody has all of them in one long transaction: the stop is there all the same, and is
    carried out once they are free."""
    version = approved()
    origin = f"campaign:{version.campaign.code}:v{version.number}"
    MessageFactory.create_batch(3, origin=origin)
    officer, at = StaffFactory(role="compliance"), timezone.now()

    def stop(_place: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        if by == "origin":
            outreach.stop_origin(origin=origin, reason="wrong", actor=officer, at=at)
        else:
            planning.stop_campaign(
                campaign_id=version.campaign_id, reason="wrong", actor=officer, at=at
            )

    with transaction.atomic():
        list(Message.objects.select_for_update(of=("self",)).order_by("pk"))
        in_threads(1, stop)
        assert Message.objects.filter(state="queued").count() == 3
        assert CallingOff.objects.filter(origin=origin, done_at=None).count() == 1
        if by == "campaign":
            with pytest.raises(planning.StopNotChanged):
                planning.lift_stop(
                    campaign_id=version.campaign_id, reason="right", actor=officer, at=at
                )
    assert outreach.follow_halts(clock=timezone.now, seconds=30) == 3
    assert set(Message.objects.values_list("state", flat=True)) == {"cancelled"}
    if by == "campaign":
        planning.lift_stop(campaign_id=version.campaign_id, reason="right", actor=officer, at=at)
        assert not Campaign.objects.get().is_stopped


def test_many_carry_a_stop_out_while_others_send_resume_and_try_again(
    gateways: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each message has one end, each contact of those not sent is given back, and the trail has
    the sum of what the batches cancelled."""
    monkeypatch.setattr(calling_off, "BATCH", 7)
    settings.OUTBOX_SENDERS = 2
    due_messages(COUNT)
    parked = list(Message.objects.order_by("-pk").values_list("pk", flat=True)[: COUNT // 4])
    Message.objects.filter(pk__in=parked).update(state="parked", failure_kind="temporary")
    row_of("journeys.SendingRate", channel="sms", per_minute=COUNT, burst=FIRST)
    officer, stopped = StaffFactory(role="compliance"), threading.Event()

    def work(place: int) -> int:
        if place == 0:
            while Message.objects.filter(state="sent").count() < FIRST:
                time.sleep(0.05)
            outreach.stop_origin(origin="test", reason="wrong", actor=officer, at=timezone.now())
            stopped.set()
        elif place < 3:
            outreach.send_due_messages(clock=timezone.now, seconds=60, batch_size=10)
        elif place < 5:
            assert stopped.wait(120)
            return outreach.follow_halts(clock=timezone.now, seconds=60)
        else:
            return _try_again_until(stopped, officer)
        return 0

    in_threads(6, work)
    outreach.follow_halts(clock=timezone.now, seconds=60)
    sent = Message.objects.filter(state="sent").count()
    assert Message.objects.filter(state="cancelled").count() == COUNT - sent
    assert Contact.objects.filter(released_at=None).count() == sent
    row = CallingOff.objects.get()
    assert row.done_at is not None
    entry = AuditEntry.objects.get(action="outbox.called_off")
    assert entry.changes == {"origin": "test", "messages": row.messages}


def _try_again_until(stopped: threading.Event, officer: Staff) -> int:
    """Those set aside are sent again and again, until it is refused."""
    while True:
        was_stopped = stopped.is_set()
        try:
            outreach.send_all_again(origin="test", reason="x", actor=officer, at=timezone.now())
        except outreach.NotHaltable:
            return 0
        assert not was_stopped
        time.sleep(0.05)
