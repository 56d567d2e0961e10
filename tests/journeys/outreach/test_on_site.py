"""Messages in mobile bank, and calls that messages ask for: from the outbox to who gets them."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from journeys.contact import operations as contact
from journeys.models import Customer, Lead, Message, Receipt
from journeys.outreach import operations as outreach
from journeys.outreach import rules
from journeys.telemarketing import operations as telemarketing
from portal.intake import operations as intake
from portal.kit.registry import CallAsked, registry
from tests.factories.control import in_force
from tests.factories.journeys import (
    DAY,
    INSTANT,
    ConsentFactory,
    ContactRuleFactory,
    CustomerFactory,
)
from tests.factories.outreach import MessageFactory, TemplateFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _rule(monkeypatch: pytest.MonkeyPatch) -> None:
    ContactRuleFactory()
    monkeypatch.setattr("portal.kit.clock.now", lambda: INSTANT)


def token_for(kind: str) -> str:
    actor = StaffFactory(role="administrator")
    _token, secret = intake.create_token(
        name=kind, kinds=[kind], last_day=DAY, by=actor, at=INSTANT
    )
    return str(secret)


@pytest.fixture
def token() -> str:
    return token_for("on_site")


def ask(token: str, door: str, **body: Any) -> Any:
    return Client().post(
        reverse(f"api_on_site_{door}"), json.dumps(body), content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )  # fmt: skip


def queued(customer: Customer, **values: Any) -> Message:
    template = TemplateFactory(channel="on_site", subject="{name}，您好", body="礼品已发放")
    ConsentFactory(customer=customer, channel="on_site")
    return MessageFactory(customer=customer, channel="on_site", template=template, **values)


def shown(token: str, customer: Customer) -> list[str]:
    answer = ask(token, "messages", customer=customer.number)
    assert answer.status_code == 200
    return [one["message"] for one in answer.json()["messages"]]


def send() -> int:
    return outreach.send_due_messages(clock=lambda: INSTANT, seconds=5)


def test_a_message_is_fetched_once_it_was_sent_and_read_once(token: str) -> None:
    customer = CustomerFactory()
    message = queued(customer)
    assert shown(token, customer) == []
    assert send() == 1
    key = rules.message_key(message.pk, message.dedup_key)
    answer = ask(token, "messages", customer=customer.number).json()
    assert answer == {
        "messages": [
            {
                "message": key, "title": "王**，您好", "text": "礼品已发放",
                "sent_at": INSTANT.isoformat(), "read": False,
            }
        ]
    }  # fmt: skip
    for _ in range(2):
        read = ask(token, "read", customer=customer.number, message=key)
        assert (read.status_code, read.json()) == (200, {"message": key, "read": True})
    assert list(Receipt.objects.values_list("message", "kind")) == [(message.pk, "read")]
    assert ask(token, "messages", customer=customer.number).json()["messages"][0]["read"] is True


def test_nobody_is_shown_what_is_for_another(token: str) -> None:
    customer, other = CustomerFactory(), CustomerFactory()
    message = queued(customer)
    send()
    key = rules.message_key(message.pk, message.dedup_key)
    assert shown(token, other) == []
    assert ask(token, "read", customer=other.number, message=key).status_code == 404
    assert ask(token, "messages", customer="nobody").json() == {"messages": []}
    assert Receipt.objects.count() == 0


@pytest.mark.parametrize("way", ["withdrawn", "refused", "text", "complaint", "control", "stopped"])
def test_what_may_not_be_sent_any_more_is_not_shown_any_more(
    token: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = CustomerFactory()
    message, actor = queued(customer), StaffFactory()
    send()
    assert len(shown(token, customer)) == 1
    if way == "withdrawn":
        contact.withdraw_consent(
            customer_id=customer.pk, purpose="marketing", channel="on_site", evidence="x",
            actor=None, at=INSTANT,
        )  # fmt: skip
    elif way == "refused":
        contact.record_do_not_contact(
            customer_id=customer.pk, words="R", source="sms", actor=None, at=INSTANT
        )
    elif way == "text":
        outreach.withdraw_text(
            template_id=message.template_id, reason="wrong", actor=actor, at=INSTANT
        )
    elif way == "complaint":
        contact.pause_marketing(
            customer_id=customer.pk, kind="complaint", reference="K1", actor=None, at=INSTANT
        )
    elif way == "control":
        in_force(inside=[customer])
    else:
        monkeypatch.setattr(registry, "calls_off", [lambda origins: set(origins)])
    assert shown(token, customer) == []


@pytest.mark.parametrize("body", [{}, {"customer": 7}, {"customer": ""}, {"customer": "a\0"}])
def test_bad_input_gets_a_sentence(token: str, body: dict[str, Any]) -> None:
    for door in ("messages", "read"):
        answer = ask(token, door, **body)
        assert answer.status_code == 422
        assert answer.json()["detail"]


def test_only_tokens_for_this_door(token: str) -> None:
    assert ask(token_for("customers"), "messages", customer="x").status_code == 403
    assert ask("1.x", "messages", customer="x").status_code == 401
    other = Client().get(
        reverse("api_on_site_messages"), headers={"Authorization": f"Bearer {token}"}
    )
    assert other.status_code == 405


def test_a_message_by_telephone_becomes_a_lead_once() -> None:
    customer = CustomerFactory(phone="13800138000")
    template = TemplateFactory(channel="phone", subject="未激活回访", body="{name}：提醒激活")
    ConsentFactory(customer=customer, channel="phone")
    message = MessageFactory(customer=customer, channel="phone", template=template)
    assert send() == 1
    message.refresh_from_db()
    lead = Lead.objects.get()
    key = rules.message_key(message.pk, message.dedup_key)
    assert (message.state, lead.number) == ("sent", f"M-{key}")
    assert message.gateway_reference == lead.number
    assert (lead.customer, lead.branch, lead.state, lead.source, lead.owner) == (
        customer, customer.branch, "new", "campaign", None,
    )  # fmt: skip
    assert (lead.reason, lead.phone_masked) == ("未激活回访 · 王**：提醒激活", "138****8000")
    asked = CallAsked(key, customer.pk, "x", "y")
    assert telemarketing.take_call(asked=asked, at=INSTANT) == lead.number
    assert Lead.objects.count() == 1
    assert (telemarketing.has_call(key), telemarketing.has_call("7-abc")) == (True, False)


def test_a_call_in_doubt_is_looked_up_and_not_asked_for_twice() -> None:
    customer = CustomerFactory()
    ConsentFactory(customer=customer, channel="phone")
    values = {"customer": customer, "channel": "phone", "state": "in_doubt", "attempts": 1}
    done, lost = MessageFactory(**values), MessageFactory(**values)
    asked = CallAsked(rules.message_key(done.pk, done.dedup_key), customer.pk, "", "x")
    telemarketing.take_call(asked=asked, at=INSTANT)
    send()
    states = {one.pk: Message.objects.get(pk=one.pk).state for one in (done, lost)}
    assert states == {done.pk: "sent", lost.pk: "sent"}
    assert Lead.objects.count() == 2


def test_without_a_phone_nobody_is_called() -> None:
    customer = CustomerFactory()
    Customer.objects.filter(pk=customer.pk).update(phone_sealed=None, phone_index=None, callee=None)
    asked = CallAsked("7-abc", customer.pk, "", "x")
    assert telemarketing.take_call(asked=asked, at=INSTANT) == ""
    assert Lead.objects.count() == 0
