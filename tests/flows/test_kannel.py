"""SMS through a real gateway: Chinese text, receipts, a refusal that holds for the next send."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from django.urls import reverse

from journeys.models import Answer, BadCall, DoNotContact, Message, Receipt
from journeys.outreach import operations as outreach
from journeys.outreach import rules
from tests import kannel
from tests.factories.journeys import INSTANT, ConsentFactory, ContactRuleFactory, CustomerFactory
from tests.factories.outreach import MessageFactory, TemplateFactory

PHONE, OTHER = "13800138000", "13900139000"
ABSENT = kannel.why_absent()
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(bool(ABSENT), reason=ABSENT or "-"),
]


@pytest.fixture
def gateway(live_server: Any, settings: Any, tmp_path: Path) -> Iterator[kannel.Kannel]:
    settings.SMS_CALLBACK_SECRET, settings.SMS_CALLBACK_ADDRESSES = "shared", "127.0.0.0/8"
    settings.CALLBACK_URL = live_server.url
    settings.SMS_USER, settings.SMS_PASSWORD, settings.SMS_SENDER = "portal", "practice", "95500"
    settings.SMS_STATUS_URL = ""
    settings.EMAIL_TIMEOUT = settings.OUTBOX_HAND_OVER_SECONDS = 10
    gateway = kannel.Kannel(tmp_path, settings.SMS_PASSWORD)
    settings.SMS_URL = f"http://127.0.0.1:{gateway.http_port}/cgi-bin/sendsms"
    try:
        answers = live_server.url + reverse("channel_answers", args=["sms"])
        gateway.start(answers=answers, secret="shared")
        yield gateway
    finally:
        gateway.stop()


def send() -> None:
    outreach.send_due_messages(clock=lambda: INSTANT, seconds=30)


def message_for(phone: str, **values: Any) -> Message:
    customer = CustomerFactory(phone=phone)
    ConsentFactory(customer=customer, channel="sms")
    return MessageFactory(customer=customer, **values)


def test_a_text_goes_out_a_receipt_comes_back_and_a_refusal_holds(
    gateway: kannel.Kannel, settings: Any
) -> None:
    ContactRuleFactory()
    words = "【信用卡中心】{name}您好：再消费1,000元即可获赠雨伞一把，还有30天。" * 4
    words += "拒收请回复R"
    long = TemplateFactory(code="long", body=words)
    first, second = message_for(PHONE), message_for(OTHER, template=long)
    with gateway.centre() as log:
        send()
        kannel.wait_for(lambda: Receipt.objects.count() == 2, "both receipts")
    for message in (first, second):
        message.refresh_from_db()
        assert (message.state, message.gateway_reference) == ("sent", "0: Accepted for delivery")
    kinds = Receipt.objects.order_by("message").values_list("message", "kind")
    assert list(kinds) == [(first.pk, "delivered"), (second.pk, "delivered")]
    short = "【信用卡中心】王**您好。拒收请回复R"
    body = rules.render(words, {"name": "王**"})
    assert delivered(log(), PHONE) == [short]
    parts = delivered(log(), OTHER)
    assert ("".join(parts), len(parts)) == (body, rules.segments_of(body).count)
    assert len(parts) == 3

    with gateway.centre(f"+86{PHONE} 95500 text td"):
        kannel.wait_for(lambda: Answer.objects.count() == 1, "the refusal")
    with gateway.centre(f"{OTHER} 95500 text when does it begin?"):
        kannel.wait_for(lambda: Answer.objects.count() == 2, "the question")
    rows = Answer.objects.order_by("sender_masked").values_list("finding", "words", "customer")
    assert list(rows) == [
        ("refused", "td", first.customer_id),
        ("other", "when does it begin?", second.customer_id),
    ]
    assert DoNotContact.objects.get().customer == first.customer
    assert BadCall.objects.count() == 0

    again = [
        MessageFactory(customer=message.customer, template=message.template)
        for message in (first, second)
    ]
    with gateway.centre() as log:
        send()
        kannel.wait_for(lambda: Receipt.objects.count() == 3, "the receipt of the second one")
    states = [Message.objects.get(pk=message.pk) for message in again]
    assert [(one.state, one.failure) for one in states] == [
        ("cancelled", "do_not_contact"), ("sent", ""),
    ]  # fmt: skip
    assert delivered(log(), PHONE) == []


def delivered(log: str, phone: str) -> list[str]:
    """What the centre delivered to a phone, part by part, read from UCS-2 as it was on the air."""
    found = re.findall(rf"Got message \d+: <95500 {phone} (?:udh \S+ data|ucs-2) (.*)>$", log, re.M)
    return [unquote_to_bytes(text.replace("+", " ")).decode("utf-16-be") for text in found]


def test_a_wrong_password_leaves_the_message_waiting(gateway: kannel.Kannel, settings: Any) -> None:
    ContactRuleFactory()
    message = message_for(PHONE)
    settings.SMS_PASSWORD = "wrong"
    with gateway.centre():
        send()
    message.refresh_from_db()
    assert (message.state, message.failure_kind) == ("queued", "temporary")
    assert message.failure.startswith("busy: 403")
