"""A stop binds at once, however much waits; what waits is cancelled after it, batch by batch."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from journeys.contact.models import Contact
from journeys.outreach import operations as outreach
from journeys.outreach import queries
from journeys.outreach.models import CallingOff, Message, OriginHalt
from journeys.outreach.operations import calling_off, claiming, halting
from portal.audit.models import AuditEntry
from portal.staff.access import Scope
from tests.factories.journeys import INSTANT, ContactRuleFactory
from tests.factories.outreach import MessageFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
ORIGIN = "campaign:x:v1"
LATER = INSTANT + dt.timedelta(minutes=1)
ClientOf = Callable[..., Client]


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling_off, "BATCH", 2)
    monkeypatch.setattr(halting, "_AT_ONCE", 2)


def waiting(number: int = 5) -> list[Message]:
    ContactRuleFactory()
    return MessageFactory.create_batch(number, origin=ORIGIN)


def stop() -> int:
    actor = StaffFactory(role="compliance", name="合规")
    return outreach.stop_origin(origin=ORIGIN, reason="文案有误", actor=actor, at=LATER)


def follow() -> int:
    return outreach.follow_halts(clock=lambda: LATER, seconds=60)


def states() -> list[str]:
    return list(Message.objects.order_by("state").values_list("state", flat=True))


def test_a_stop_cancels_a_batch_and_the_clock_does_the_rest() -> None:
    waiting()
    MessageFactory(origin="other")
    assert stop() == 2
    assert OriginHalt.objects.get().kind == "stop"
    assert states() == ["cancelled"] * 2 + ["queued"] * 4
    assert not AuditEntry.objects.filter(action="outbox.called_off").exists()
    assert follow() == 3
    assert states() == ["cancelled"] * 5 + ["queued"]
    assert Contact.objects.filter(released_at=None).count() == 1
    row, entry = CallingOff.objects.get(), AuditEntry.objects.get(action="outbox.called_off")
    assert (row.messages, row.done_at) == (5, LATER)
    assert (entry.changes, entry.reason) == ({"origin": ORIGIN, "messages": 5}, "文案有误")
    assert entry.actor == row.asked_by
    assert follow() == 0


def test_what_is_yet_to_be_cancelled_is_passed_over_by_claims_and_no_breach() -> None:
    waiting()
    stop()
    assert claiming.claim_batch(sizes={"sms": 2}, at=LATER) == ([], True)
    assert states() == ["cancelled"] * 4 + ["queued"]
    assert follow() == 1
    assert list(queries.find_breaches(since=INSTANT, at=LATER)) == []


@pytest.mark.parametrize("state", ["held", "parked"])
def test_what_is_set_aside_is_cancelled_too(state: str) -> None:
    waiting()
    Message.objects.update(state=state, failure_kind="temporary" if state == "parked" else "")
    assert (stop(), follow(), states()) == (2, 3, ["cancelled"] * 5)


def test_nothing_is_sent_again_of_what_was_stopped() -> None:
    waiting()
    Message.objects.update(state="parked", failure_kind="temporary")
    stop()
    before = states()
    with pytest.raises(outreach.NotHaltable):
        outreach.send_all_again(origin=ORIGIN, actor=StaffFactory(), reason="x", at=LATER)
    assert states() == before
    assert not AuditEntry.objects.filter(action="outbox.all_sent_again").exists()


def test_a_second_wish_for_the_same_goes_on_with_the_first() -> None:
    waiting()
    stop()
    for origins in ([ORIGIN], [ORIGIN, "other"]):
        outreach.begin_calling_off(origins=origins, reason="x", actor=None, at=LATER)
    rows = CallingOff.objects.order_by("pk").values_list("origin", "messages")
    assert list(rows) == [(ORIGIN, 2), ("other", 0)]


def test_a_resumption_takes_up_some_at_once_and_the_rest_soon() -> None:
    waiting()
    halt = {"origin": ORIGIN, "reason": "x", "actor": StaffFactory()}
    outreach.pause_origin(**halt, at=INSTANT)
    Message.objects.update(state="held")
    assert outreach.resume_origin(**halt, at=LATER) == 5
    assert states() == ["held"] * 3 + ["queued"] * 2
    assert (follow(), states()) == (3, ["queued"] * 5)


def test_what_is_paused_anew_stays_set_aside() -> None:
    waiting()
    halt = {"origin": ORIGIN, "reason": "x", "actor": StaffFactory()}
    outreach.pause_origin(**halt, at=INSTANT)
    Message.objects.update(state="held")
    outreach.resume_origin(**halt, at=INSTANT)
    outreach.pause_origin(**halt, at=LATER)
    assert (follow(), states()) == (0, ["held"] * 3 + ["queued"] * 2)


def test_the_pages_say_how_far_it_is(client_of: ClientOf) -> None:
    waiting()
    stop()
    one = queries.origin_standing(scope=Scope(""), at=timezone.now(), origin=ORIGIN)
    assert one is not None
    assert (one.to_cancel, one.cancelled) == (3, 2)
    assert queries.figures(scope=Scope(""), at=timezone.now()).to_cancel == 3
    client = client_of("compliance")
    page = client.get(reverse("origin_page", args=[ORIGIN])).content.decode()
    assert "停止前等待的消息正在取消：已取消 2 条，剩余 3 条" in page
    assert "已停止，正在取消" in client.get(reverse("outbox_page")).content.decode()
    follow()
    assert queries.figures(scope=Scope(""), at=timezone.now()).to_cancel == 0
    page = client.get(reverse("origin_page", args=[ORIGIN])).content.decode()
    assert "正在取消" not in page
