"""What a gateway says that no row can hold: it spoils neither its own result nor another one."""

import datetime as dt
from typing import Any

import pytest

from journeys.outreach import operations as outreach
from journeys.outreach import rules
from journeys.outreach.channels.protocol import Outcome
from journeys.outreach.enums import Result
from journeys.outreach.models import Message, TextTest
from journeys.outreach.operations import handing
from tests.factories.journeys import INSTANT, ConsentFactory, ContactRuleFactory
from tests.factories.outreach import MessageFactory
from tests.factories.portal import StaffFactory
from tests.journeys.outreach.channels.scripted import scripted

HOUR = dt.timedelta(hours=1)


def replied(status: int, text: bytes) -> bytes:
    return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s" % (status, len(text), text)


def due(**fields: Any) -> Message:
    message = MessageFactory(**fields)
    ConsentFactory(customer=message.customer, channel="sms", effective_at=INSTANT - 9 * HOUR)
    return message


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("poison", "state"), [
    (replied(202, b"0: Acc\0epted"), ("sent", "", "0: Accepted")),
    (replied(422, b"no \0 such \0\0route"), ("failed", "refused: 422 no  such route", "")),
    (replied(202, b"\xff\xfe\0"), ("sent", "", "��")),
])  # fmt: skip
def test_a_batch_with_a_poisonous_reply_is_written_down_whole(
    poison: bytes, state: tuple[str, str, str], settings: Any
) -> None:
    ContactRuleFactory()
    messages = [due() for _number in range(3)]
    settings.OUTBOX_CONNECTIONS = 1
    good = replied(202, b"0: Accepted")
    with scripted([good, poison, good]) as (port, _received):
        settings.SMS_URL = f"http://127.0.0.1:{port}/cgi-bin/sendsms"
        assert outreach.send_due_messages(clock=lambda: INSTANT, seconds=10) == 3
    found = list(
        Message.objects.order_by("pk").values_list("state", "failure", "gateway_reference")
    )
    assert found == [("sent", "", "0: Accepted"), state, ("sent", "", "0: Accepted")]
    assert {message.pk for message in messages} == set(
        Message.objects.filter(attempts=1).values_list("pk", flat=True)
    )


@pytest.mark.django_db
def test_what_a_gateway_says_to_a_test_is_kept_too(settings: Any) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    row = outreach.send_test(
        code="greeting", channel="email", language="zh-hans", subject="您好", body="您好",
        values={}, actor=StaffFactory(email="wang@bank.example"), at=INSTANT,
    )  # fmt: skip
    row.detail = handing.as_kept(Outcome(Result.BUSY, "4\0.7.1 try \ud800 later"), "x").detail
    row.save()
    assert TextTest.objects.get().detail == "4.7.1 try ? later"


def test_an_address_is_masked_though_a_zero_byte_stands_in_it() -> None:
    outcome = Outcome(Result.REFUSED, "no route to 1380\x00013\x008000 here")
    assert handing.as_kept(outcome, "13800138000").detail == "no route to *** here"


@pytest.mark.parametrize(("words", "kept"), [
    ("", ""), ("0: Accepted", "0: Accepted"), ("收到", "收到"), ("\0", ""), ("a\0b", "ab"),
    ("\ud800x", "?x"), ("收\0到\udfff", "收到?"),
])  # fmt: skip
def test_words_are_kept_as_the_database_can_hold_them(words: str, kept: str) -> None:
    assert rules.plain(words) == kept
