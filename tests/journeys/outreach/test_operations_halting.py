"""Pausing, resuming and stopping an origin; what people have no more use for."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.utils import translation

from journeys.contact import operations as contact
from journeys.contact.models import Contact
from journeys.outreach import operations as outreach
from journeys.outreach.models import Message, OriginHalt
from journeys.outreach.operations import claiming
from portal.audit.models import AuditEntry
from portal.kit.registry import registry
from tests.factories.journeys import INSTANT, ConsentFactory, ContactRuleFactory
from tests.factories.outreach import MessageFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db

ORIGIN = "campaign:x:v1"
LATER = INSTANT + dt.timedelta(minutes=1)


def due(**fields: Any) -> Message:
    message = MessageFactory(**{"origin": ORIGIN} | fields)
    ConsentFactory(customer=message.customer, effective_at=INSTANT - dt.timedelta(days=1))
    return message


def claim(at: dt.datetime = INSTANT) -> list[int]:
    return [each.message_id for each in claiming.claim_batch(sizes={"sms": 20}, at=at)[0]]


def state_of(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.failure


def halt(way: Any, at: dt.datetime = INSTANT, reason: str = "文案有误") -> Any:
    return way(origin=ORIGIN, reason=reason, actor=StaffFactory(), at=at)


def actions() -> list[str]:
    rows = AuditEntry.objects.filter(action__startswith="outbox.").order_by("pk")
    return list(rows.values_list("action", flat=True))


def test_a_pause_binds_the_very_next_claim_and_others_go_on() -> None:
    ContactRuleFactory()
    paused, other = due(), due(origin="campaign:y:v1")
    halt(outreach.pause_origin)
    assert claim() == [other.pk]
    assert state_of(paused) == ("held", "")
    assert claim(LATER) == []
    assert Contact.objects.filter(released_at=None).count() == 2
    assert actions() == ["outbox.paused"]


def test_what_is_paused_is_set_aside_with_all_of_its_origin() -> None:
    """No claim walks over it again, also what is due later."""
    ContactRuleFactory()
    messages = [due(), due(), due(not_before=LATER)]
    halt(outreach.pause_origin)
    claiming.claim_batch(sizes={"sms": 1}, at=INSTANT)
    assert [state_of(each)[0] for each in messages] == ["held"] * 3


def test_a_resumption_lets_everything_wait_for_its_turn() -> None:
    ContactRuleFactory()
    messages = [due(), due()]
    halt(outreach.pause_origin)
    claim()
    assert halt(outreach.resume_origin, LATER) == 2
    assert [state_of(each)[0] for each in messages] == ["queued"] * 2
    assert claim(LATER) == [each.pk for each in messages]
    pause = OriginHalt.objects.get()
    assert (pause.halted_at, pause.ended_at) == (INSTANT, LATER)
    assert actions() == ["outbox.paused", "outbox.resumed"]


def test_what_is_resumed_passes_the_gate_once_more() -> None:
    ContactRuleFactory()
    message = due()
    halt(outreach.pause_origin)
    claim()
    halt(outreach.resume_origin, LATER)
    contact.withdraw_consent(
        customer_id=message.customer_id, purpose="marketing", channel="sms", evidence="R",
        actor=None, at=LATER,
    )  # fmt: skip
    assert claim(LATER) == []
    assert state_of(message) == ("cancelled", "no_consent")


def test_a_stop_cancels_what_waits_is_paused_or_comes_later() -> None:
    ContactRuleFactory()
    paused, waiting = due(), due()
    halt(outreach.pause_origin)
    Message.objects.filter(pk=paused.pk).update(state="held")
    sending = due(state="sending", lease_until=LATER)
    assert halt(outreach.stop_origin, LATER) == 2
    later = due()
    assert claim(LATER) == []
    gone = [state_of(each) for each in (paused, waiting, later)]
    assert gone == [("cancelled", "called_off")] * 3
    assert state_of(sending)[0] == "sending"
    assert Contact.objects.filter(released_at=None).count() == 1
    assert actions() == ["outbox.paused", "outbox.stopped", "outbox.called_off"]
    assert AuditEntry.objects.get(action="outbox.called_off").changes["messages"] == 2
    assert list(OriginHalt.objects.order_by("pk").values_list("kind", "ended_at")) == [
        ("pause", LATER), ("stop", None),
    ]  # fmt: skip


@pytest.mark.parametrize("way", [outreach.pause_origin, outreach.stop_origin])
def test_a_reason_is_kept_with_its_numbers_masked(way: Any) -> None:
    halt(way, reason=" 客户13800138000来电投诉 ")
    assert OriginHalt.objects.get().reason == "客户138****8000来电投诉"


def test_a_reason_that_its_masks_make_longer_is_cut() -> None:
    halt(outreach.pause_origin, reason="a@b.cn " * 28)
    reason = OriginHalt.objects.get().reason
    assert (len(reason), reason[:10]) == (200, "a***@b.cn ")


@pytest.mark.parametrize(
    ("before", "way", "reason"),
    [
        ([], outreach.resume_origin, "x"),
        ([outreach.pause_origin], outreach.pause_origin, "x"),
        ([outreach.stop_origin], outreach.pause_origin, "x"),
        ([outreach.stop_origin], outreach.stop_origin, "x"),
        ([outreach.stop_origin], outreach.resume_origin, "x"),
        ([], outreach.pause_origin, "  "),
        ([], outreach.stop_origin, ""),
        ([outreach.pause_origin], outreach.resume_origin, " "),
    ],
)
def test_what_cannot_be_halted_or_resumed_is_refused(
    before: list[Any], way: Any, reason: str
) -> None:
    for earlier in before:
        halt(earlier)
    rows = list(OriginHalt.objects.values())
    with pytest.raises(outreach.NotHaltable):
        halt(way, LATER, reason)
    assert list(OriginHalt.objects.values()) == rows


# --- no more use for it ---------------------------------------------------------------------------


@pytest.fixture
def leaving() -> Iterator[set[tuple[int, str]]]:
    """A door as a higher app registers one: it names whose people have left."""
    gone: set[tuple[int, str]] = set()

    def asked(causes: Sequence[tuple[int, str, str]]) -> dict[tuple[int, str], str]:
        named = {(customer_id, key) for customer_id, key, origin in causes if origin == ORIGIN}
        return dict.fromkeys(gone & named, "left")

    registry.add_asks_before_sending(asked)
    yield gone
    registry.asks_before_sending.remove(asked)


def test_who_has_left_a_touch_plan_is_not_sent_its_message(leaving: set[tuple[int, str]]) -> None:
    ContactRuleFactory()
    gone, stays, other = due(), due(), due(origin="other")
    leaving |= {(gone.customer_id, gone.dedup_key), (other.customer_id, other.dedup_key)}
    assert claim() == [stays.pk, other.pk]
    assert state_of(gone) == ("cancelled", "left")
    released = Contact.objects.exclude(released_at=None).values_list("dedup_key", flat=True)
    assert list(released) == [gone.dedup_key]
    gone.refresh_from_db()
    with translation.override("en"):
        assert gone.failure_words == "No longer inside its touch plan"
