"""Sending: asked again at the last instant, handed over once, failures dealt with by their kind."""

import datetime as dt
import itertools
from typing import Any

import pytest

from journeys.contact import operations as contact
from journeys.contact.enums import PauseKind
from journeys.contact.models import CalendarYear, Contact
from journeys.outreach import operations as outreach
from journeys.outreach.channels.sms.gateway import SmsGateway
from journeys.outreach.models import Message
from journeys.outreach.operations import claiming, handing, sending
from journeys.sandbox.models import ReceivedMessage
from portal.kit import sealed
from tests.factories.journeys import INSTANT, ConsentFactory, ContactRuleFactory, CustomerFactory
from tests.factories.outreach import MessageFactory, TemplateFactory
from tests.project.rows import row_of

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


def due(channel: str = "sms", has_consent: bool = True, **fields: Any) -> Message:
    message = MessageFactory(channel=channel, **fields)
    if has_consent and message.purpose == "marketing":
        ConsentFactory(customer=message.customer, channel=channel, effective_at=INSTANT - 9 * HOUR)
    return message


def send(at: dt.datetime = INSTANT) -> int:
    return outreach.send_due_messages(clock=lambda: at, seconds=10)


def claim(at: dt.datetime = INSTANT, size: int = 20) -> list[int]:
    claims, _is_more = claiming.claim_batch(sizes={"email": size, "sms": size}, at=at)
    return [each.message_id for each in claims]


def state_of(message: Message) -> tuple[Any, ...]:
    message.refresh_from_db()
    return (
        message.state, message.attempts, message.not_before, message.failure_kind, message.failure,
    )  # fmt: skip


def contact_of(message: Message) -> Contact:
    return Contact.objects.get(customer=message.customer, dedup_key=message.dedup_key)


# --- claiming ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_claim_is_committed_as_being_sent_before_anything_is_handed_over() -> None:
    ContactRuleFactory()
    message, later = due(), due(not_before=INSTANT + MINUTE)
    at = INSTANT + dt.timedelta(seconds=3)
    assert claim(at) == [message.pk]
    assert state_of(message) == ("sending", 1, INSTANT, "", "")
    assert message.lease_until == at + dt.timedelta(seconds=120)
    assert contact_of(message).at == at
    assert state_of(later)[0] == "queued"
    assert claim(at) == []


@pytest.mark.django_db
def test_a_refusal_or_withdrawal_since_the_reservation_cancels() -> None:
    ContactRuleFactory()
    refused, withdrawn, service = due(), due(), due(purpose="service", has_consent=False)
    for message in (refused, service):
        contact.record_do_not_contact(
            customer_id=message.customer_id, words="no", source="call", actor=None, at=INSTANT
        )
    contact.withdraw_consent(
        customer_id=withdrawn.customer_id, purpose="marketing", channel="sms",
        evidence="R", actor=None, at=INSTANT,
    )  # fmt: skip
    assert claim() == [service.pk]
    assert state_of(refused) == ("cancelled", 0, INSTANT, "policy", "do_not_contact")
    assert state_of(withdrawn) == ("cancelled", 0, INSTANT, "policy", "no_consent")
    assert [contact_of(each).released_at for each in (refused, withdrawn, service)] == [
        INSTANT, INSTANT, None,
    ]  # fmt: skip


def complain(message: Message, at: dt.datetime = INSTANT) -> None:
    contact.pause_marketing(
        customer_id=message.customer_id, kind=PauseKind.COMPLAINT, reference="P1", actor=None, at=at
    )


def settle_complaint(at: dt.datetime) -> None:
    contact.resume_marketing(kind=PauseKind.COMPLAINT, reference="P1", actor=None, at=at)


@pytest.mark.django_db
def test_a_complaint_since_the_reservation_holds_back_what_is_no_service() -> None:
    ContactRuleFactory()
    message = due()
    service = due(customer=message.customer, purpose="service", has_consent=False)
    complain(message)
    assert claim() + claim() == [service.pk]
    assert state_of(message) == ("queued", 0, INSTANT + HOUR, "policy", "complaint_open")
    assert contact_of(message).at == INSTANT + HOUR
    settle_complaint(INSTANT + HOUR)
    assert claim(INSTANT + HOUR) == [message.pk]


@pytest.mark.django_db
@pytest.mark.parametrize("is_settled", [True, False])
@pytest.mark.parametrize(
    ("age", "state"),
    [
        (7 * 24 * HOUR - dt.timedelta(seconds=1), "held"),
        (7 * 24 * HOUR, "cancelled"),
        (8 * 24 * HOUR, "cancelled"),
    ],
)
def test_what_was_held_back_for_a_week_is_not_sent_any_more(
    age: dt.timedelta, state: str, is_settled: bool
) -> None:
    ContactRuleFactory()
    message = due()
    complain(message)
    assert claim() == []
    at = INSTANT + age
    if is_settled:
        settle_complaint(at)
    claimed = claim(at)
    if state == "cancelled":
        assert claimed == []
        assert state_of(message)[:1] + state_of(message)[3:] == (
            "cancelled", "policy", "out_of_date",
        )  # fmt: skip
        assert contact_of(message).released_at == at
    else:
        assert claimed == ([message.pk] if is_settled else [])
        assert state_of(message)[0] == ("sending" if is_settled else "queued")
        assert contact_of(message).released_at is None


@pytest.mark.django_db
def test_an_old_message_that_no_complaint_held_back_still_goes() -> None:
    ContactRuleFactory()
    message = due()
    at = INSTANT + 8 * 24 * HOUR
    assert claim(at) == [message.pk]


@pytest.mark.django_db
def test_an_address_that_is_gone_fails_the_message() -> None:
    ContactRuleFactory()
    message = due(customer=CustomerFactory(phone_sealed=None, phone_index=None))
    assert claim() == []
    assert state_of(message) == ("failed", 0, INSTANT, "address", "no_address")
    assert contact_of(message).released_at == INSTANT


@pytest.mark.django_db
def test_outside_the_hours_a_message_waits_for_the_next_opening() -> None:
    ContactRuleFactory()
    message = due()
    evening, morning = INSTANT + 8 * HOUR, INSTANT + 21 * HOUR  # 20:00 and 9:00 in Shanghai
    assert claim(evening) == []
    assert state_of(message) == ("queued", 0, morning, "", "")
    assert contact_of(message).at == morning
    assert claim(morning) == [message.pk]


@pytest.mark.django_db
def test_without_a_rule_nothing_goes() -> None:
    message = due()
    assert claim() == []
    assert state_of(message) == ("queued", 0, INSTANT + HOUR, "policy", "no_rule")


@pytest.mark.django_db
def test_messages_that_are_late_pass_the_caps_at_their_real_instant() -> None:
    """Four contacts planned a day apart come due together after an outage of days."""
    ContactRuleFactory()
    customer = ConsentFactory(effective_at=INSTANT - 9 * HOUR).customer
    planned = [INSTANT + days * 24 * HOUR for days in range(4)]
    messages = [MessageFactory(customer=customer, not_before=each) for each in planned]
    first, second, third, fourth = [message.pk for message in messages]
    at = planned[-1]
    # The two that were due first go; the others take the next free places.
    assert [claim(at) for _ in range(2)] == [[first, second], []]
    day_later = at + 24 * HOUR
    for message in messages[2:]:
        assert state_of(message) == ("queued", 0, day_later, "policy", "cap_reached")
    assert [claim(day_later) for _ in range(2)] == [[third, fourth], []]
    times = Contact.objects.order_by("pk").values_list("at", flat=True)
    assert list(times) == [at, at, day_later, day_later]


@pytest.mark.django_db
def test_a_batch_has_its_size() -> None:
    ContactRuleFactory()
    messages = [due() for _ in range(3)]
    assert claim(size=2) == [messages[0].pk, messages[1].pk]
    assert claim(size=2) == [messages[2].pk]


# --- handing over -----------------------------------------------------------------------------


def test_messages_go_out_over_both_channels(gateways: None) -> None:
    ContactRuleFactory()
    sms = due(customer__phone="13800138000")
    mail = due(
        "email", customer__email="li@example.test",
        template=TemplateFactory(channel="email", body="{name}：\n.一行\n退订请回复\n"),
    )  # fmt: skip
    assert send() == 2
    assert state_of(sms) == ("sent", 1, INSTANT, "", "")
    assert state_of(mail) == ("sent", 1, INSTANT, "", "")
    assert (sms.sent_at, sms.lease_until, sms.gateway_reference) == (
        INSTANT, None, "0: Accepted for delivery",
    )  # fmt: skip
    received = ReceivedMessage.objects.order_by("channel").values_list(
        "channel", "destination", "subject", "body"
    )
    assert list(received) == [
        ("email", "li@example.test", "您好", "王**：\n.一行\n退订请回复\n"),
        ("sms", "13800138000", "", "【信用卡中心】王**您好。拒收请回复R"),
    ]


@pytest.mark.parametrize("channel", ["sms", "email"])
@pytest.mark.parametrize(
    ("ending", "state", "wait", "kind", "failure"),
    [
        ("0000", "failed", 0 * MINUTE, "address", "bad_address"),
        ("1111", "queued", MINUTE, "temporary", "busy"),
        ("2222", "in_doubt", MINUTE / 60, "", "no_answer"),
    ],
)
def test_a_failure_is_dealt_with_by_its_kind(
    gateways: None, channel: str, ending: str, state: str, wait: dt.timedelta, kind: str,
    failure: str, settings: Any,
) -> None:  # fmt: skip
    if state == "in_doubt":  # no answer comes
        settings.OUTBOX_HAND_OVER_SECONDS = 1
    ContactRuleFactory()
    message = due(channel, customer__phone=f"1380013{ending}", customer__email=f"a{ending}@b.test")
    assert send() == 1
    found = state_of(message)
    assert found[:4] == (state, 1, INSTANT + wait, kind)
    assert found[4].partition(": ")[0] == failure
    assert "@b.test" not in message.failure
    assert contact_of(message).released_at == (INSTANT if state == "failed" else None)


def test_after_three_tries_a_message_is_set_aside(gateways: None) -> None:
    ContactRuleFactory()
    message = due(customer__phone="13800131111")
    waits, at = [], INSTANT
    for _ in range(2):
        send(at)
        state, _attempts, not_before, *_rest = state_of(message)
        assert state == "queued"
        waits.append(not_before - at)
        at = not_before
    send(at)
    assert waits == [MINUTE, 5 * MINUTE]
    assert state_of(message)[:2] == ("parked", 3)
    assert send(at + HOUR) == 0
    assert ReceivedMessage.objects.count() == 0


def test_an_answer_that_never_came_is_asked_for_and_not_sent_again(
    gateways: None, settings: Any
) -> None:
    settings.OUTBOX_HAND_OVER_SECONDS = 1
    ContactRuleFactory()
    message = due(customer__phone="13800132222")
    send()
    assert state_of(message)[0] == "in_doubt"
    send(INSTANT + dt.timedelta(seconds=0.5))
    assert state_of(message)[0] == "in_doubt"
    send(INSTANT + dt.timedelta(seconds=1))
    assert state_of(message) == ("sent", 1, INSTANT + dt.timedelta(seconds=1), "", "")
    assert ReceivedMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("channel", ["sms", "email"])
def test_a_gateway_that_cannot_be_reached_costs_no_message_a_try(
    channel: str, settings: Any
) -> None:
    settings.SMS_URL, settings.EMAIL_PORT = "http://127.0.0.1:1/cgi-bin/sendsms", 1
    settings.OUTBOX_CONNECTIONS = 1
    ContactRuleFactory()
    messages = [due(channel) for _ in range(3)]
    assert send() == 1
    later = INSTANT + MINUTE
    assert state_of(messages[0]) == (
        "queued", 0, later, "temporary", "unreachable: ConnectionRefusedError",
    )  # fmt: skip
    assert [state_of(each) for each in messages[1:]] == [("queued", 0, INSTANT, "", "")] * 2


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_written_or_addressed_fails_for_good() -> None:
    ContactRuleFactory()
    no_text = due(context={})
    no_seal = due(customer=CustomerFactory(phone_sealed=sealed.seal("1", "customer.email")))
    assert send() == 2
    assert state_of(no_text) == ("failed", 1, INSTANT, "permanent", "bad_text: name")
    assert state_of(no_seal) == ("failed", 1, INSTANT, "address", "bad_seal")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("limit", ["OUTBOX_LEASE_SECONDS", "OUTBOX_FRESH_SECONDS"])
def test_what_was_claimed_too_long_ago_is_not_handed_over(settings: Any, limit: str) -> None:
    """What was not begun is given back: whether it may go has to be asked anew."""
    setattr(settings, limit, 5)
    ContactRuleFactory()
    messages = [due(context={}) for _ in range(3)]
    later = itertools.chain([INSTANT] * 4, itertools.repeat(INSTANT + MINUTE))
    settings.OUTBOX_CONNECTIONS = 1
    assert outreach.send_due_messages(clock=lambda: next(later), seconds=10) == 0
    assert [state_of(each)[:2] for each in messages] == [("queued", 0)] * 3


@pytest.mark.django_db(transaction=True)
def test_a_result_after_the_lease_was_taken_over_changes_nothing() -> None:
    ContactRuleFactory()
    message = due(context={})
    claims, _is_more = claiming.claim_batch(sizes={"sms": 1}, at=INSTANT)
    assert outreach.expire_leases(at=INSTANT + HOUR) == 1
    sending.write_down(
        [handing.hand_over(gateway=SmsGateway(), claim=claims[0], at=lambda: INSTANT)]
    )
    assert state_of(message) == ("in_doubt", 1, INSTANT + HOUR, "", "worker_lost")


@pytest.mark.django_db
def test_a_batch_that_is_cancelled_whole_does_not_stop_the_run() -> None:
    ContactRuleFactory()
    messages = [due(has_consent=False) for _ in range(3)]
    sent = outreach.send_due_messages(clock=lambda: INSTANT, seconds=10, batch_size=1)
    assert sent == 0
    assert [state_of(each)[0] for each in messages] == ["cancelled"] * 3


@pytest.mark.django_db
@pytest.mark.parametrize("missing", ["no_rule", "no_hours", "no_calendar"])
def test_what_a_person_must_set_first_holds_a_message_back(missing: str) -> None:
    """Until it is set, and not longer than to the next question."""
    if missing == "no_hours":
        row_of("journeys.ContactRule", effective_date=dt.date(2020, 1, 1))
    elif missing == "no_calendar":
        ContactRuleFactory()
        CalendarYear.objects.all().delete()
    message = due()
    assert claim() == []
    assert state_of(message) == ("queued", 0, INSTANT + HOUR, "policy", missing)
    ContactRuleFactory()
    assert claim(INSTANT + HOUR) == [message.pk]
