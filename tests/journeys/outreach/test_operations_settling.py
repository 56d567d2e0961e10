"""Doubt is settled by the gateway's word or a person's, never by sending again unasked."""

import datetime as dt
from typing import Any

import pytest

from journeys.contact.models import Contact
from journeys.outreach import operations as outreach
from journeys.outreach import rules
from journeys.outreach.enums import Found
from journeys.outreach.models import Message
from portal.models import AuditEntry
from tests.factories.journeys import INSTANT
from tests.factories.outreach import MessageFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


def in_doubt(**fields: Any) -> Message:
    return MessageFactory(state="in_doubt", attempts=1, failure="no_answer", **fields)


def settle(answer: str, at: dt.datetime = INSTANT) -> tuple[dict[str, int], list[tuple[str, str]]]:
    asked = []

    def find(channel: str, key: str) -> Found:
        asked.append((channel, key))
        return Found(answer)

    return outreach.settle_in_doubt(find=find, at=at), asked


def test_a_lease_expires_only_after_the_longest_hand_over(settings: Any) -> None:
    settings.OUTBOX_HAND_OVER_SECONDS = 30
    message = MessageFactory(state="sending", lease_until=INSTANT)
    assert outreach.expire_leases(at=INSTANT + 30 * SECOND) == 0
    assert outreach.expire_leases(at=INSTANT + 31 * SECOND) == 1
    message.refresh_from_db()
    assert (message.state, message.lease_until, message.failure, message.not_before) == (
        "in_doubt", None, "worker_lost", INSTANT + 31 * SECOND,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "attempts", "state", "sent_at", "failure"),
    [
        ("sent", 1, "sent", INSTANT, ""),
        ("absent", 1, "queued", None, "never_arrived"),
        ("absent", 2, "queued", None, "never_arrived"),
        ("absent", 3, "parked", None, "never_arrived"),
        ("unknown", 1, "in_doubt", None, "no_answer"),
    ],
)
def test_the_gateway_is_asked(
    answer: str, attempts: int, state: str, sent_at: dt.datetime | None, failure: str
) -> None:
    message = in_doubt()
    Message.objects.update(attempts=attempts)
    counts, asked = settle(answer)
    assert counts == {**dict.fromkeys(Found, 0), answer: 1}
    assert asked == [("sms", rules.message_key(message.pk, message.dedup_key))]
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.failure) == (state, sent_at, failure)
    assert message.not_before == INSTANT + (60 * SECOND if answer == "unknown" else 0 * SECOND)
    assert Contact.objects.get().released_at is None
    assert AuditEntry.objects.count() == (0 if answer == "unknown" else 1)


def test_the_gateway_is_not_asked_too_early_and_not_twice_at_once() -> None:
    in_doubt(not_before=INSTANT + SECOND)
    assert settle("sent")[1] == []

    def ask_meanwhile(_channel: str, _key: str) -> Found:
        assert settle("sent", INSTANT + SECOND)[1] == []
        return Found.UNKNOWN

    outreach.settle_in_doubt(find=ask_meanwhile, at=INSTANT + SECOND)
    assert Message.objects.get().state == "in_doubt"


def test_what_a_person_settled_meanwhile_stands() -> None:
    message, staff = in_doubt(), StaffFactory()

    def settle_meanwhile(_channel: str, _key: str) -> Found:
        outreach.send_again(message_id=message.pk, actor=staff, reason="asked", at=INSTANT)
        return Found.SENT

    outreach.settle_in_doubt(find=settle_meanwhile, at=INSTANT)
    assert Message.objects.get().state == "queued"


def test_a_person_marks_a_doubt_as_sent() -> None:
    message, staff = in_doubt(), StaffFactory()
    outreach.mark_as_sent(message_id=message.pk, actor=staff, reason="seen in log", at=INSTANT)
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.failure) == ("sent", INSTANT, "")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.reason) == (
        "outbox.marked_as_sent", staff, "seen in log",
    )  # fmt: skip


@pytest.mark.parametrize("state", ["in_doubt", "parked"])
def test_a_person_sends_again(state: str) -> None:
    message = MessageFactory(state=state, attempts=4, failure="busy", failure_kind="temporary")
    later = INSTANT + SECOND
    outreach.send_again(message_id=message.pk, actor=StaffFactory(), reason="", at=later)
    message.refresh_from_db()
    assert (message.state, message.attempts, message.not_before, message.failure) == (
        "queued", 0, later, "",
    )  # fmt: skip
    assert AuditEntry.objects.get().action == "outbox.sent_again"


@pytest.mark.parametrize("state", ["queued", "sent", "failed", "cancelled"])
def test_nothing_else_can_be_settled(state: str) -> None:
    message = MessageFactory(
        state=state, sent_at=INSTANT if state == "sent" else None,
        failure_kind="policy" if state in {"failed", "cancelled"} else "",
    )  # fmt: skip
    given = {"message_id": message.pk, "actor": StaffFactory(), "reason": "", "at": INSTANT}
    with pytest.raises(outreach.NotSettleable):
        outreach.send_again(**given)
    with pytest.raises(outreach.NotSettleable):
        outreach.mark_as_sent(**given)
    message.refresh_from_db()
    assert (message.state, AuditEntry.objects.count()) == (state, 0)


def test_a_parked_message_was_certainly_not_sent_and_cannot_be_marked_so() -> None:
    message = MessageFactory(state="parked", failure_kind="temporary")
    with pytest.raises(outreach.NotSettleable):
        outreach.mark_as_sent(message_id=message.pk, actor=StaffFactory(), reason="", at=INSTANT)
    assert Message.objects.get().state == "parked"
