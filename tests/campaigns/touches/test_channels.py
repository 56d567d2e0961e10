"""Steps by every channel: the first that the person can be reached by, through the one gate."""

import datetime as dt
from typing import Any

import pytest
from django.utils import translation

from campaigns.models import TouchStep
from campaigns.touches import queries
from journeys.contact import operations as contact
from journeys.models import (
    Card,
    Contact,
    Customer,
    Lead,
    Message,
    MessageTemplate,
    ReceivedMessage,
)
from journeys.outreach import operations as outreach
from journeys.outreach import queries as outbox
from journeys.telemarketing import queries as telemarketing
from portal.staff.access import Scope
from tests.factories.campaigns import AT
from tests.factories.journeys import DAY, CardFactory, ConsentFactory
from tests.factories.touches import on, step, steps_of, sweep, touched

DAYS = dt.timedelta(days=1)
ORDER = ["push", "sms", "phone"]


def written(*channels: str) -> None:
    """The text of the steps, for channels that the factory has none for."""
    for channel in channels:
        MessageTemplate.objects.get_or_create(
            code="nudge", channel=channel, language="zh-hans", version=1,
            defaults={"subject": "激活提醒", "body": "{name}：请激活"},
        )  # fmt: skip


def holder(*channels: str, **fields: Any) -> Card:
    card = CardFactory(**fields)
    for channel in channels:
        ConsentFactory(
            customer=card.customer, channel=channel, effective_at=AT - dt.timedelta(days=400)
        )
    return card


def without_phone(card: Card) -> Card:
    Customer.objects.filter(pk=card.customer_id).update(
        phone_sealed=None, phone_index=None, callee=None
    )
    return card


def answered(card: Card, code: str = "one") -> tuple[str, str, str]:
    row = TouchStep.objects.get(customer=card.customer_id, code=code)
    return row.state, row.answer, row.channel


def plan(*channels: str, **changes: Any) -> Any:
    written("push", "phone", "on_site")
    return touched(step(channels=list(channels), **changes))


@pytest.mark.django_db
def test_each_is_reached_by_the_first_channel_that_is_possible() -> None:
    plan(*ORDER)
    people = {
        "all": (holder(*ORDER), ("sent", "sent", "push")),
        "no push": (holder("sms", "phone"), ("sent", "sent", "sms")),
        "calls alone": (holder("phone"), ("sent", "sent", "phone")),
        "nothing": (holder(), ("skipped", "no_consent", "")),
        "other": (holder("email", "on_site"), ("skipped", "no_consent", "")),
        "no phone": (without_phone(holder("sms", "phone")), ("skipped", "no_address", "")),
        "number": (without_phone(holder(*ORDER)), ("sent", "sent", "push")),
    }
    sweep(DAY)
    found = {name: answered(card) for name, (card, _expected) in people.items()}
    assert found == {name: expected for name, (_card, expected) in people.items()}
    made = Contact.objects.values_list("customer", "channel")
    assert sorted(made) == sorted(
        (card.customer_id, channel) for card, (_s, _a, channel) in people.values() if channel
    )
    assert sorted(Message.objects.values_list("customer", "channel")) == sorted(made)


@pytest.mark.django_db
def test_the_caps_count_the_contacts_of_all_channels() -> None:
    written("push", "phone", "on_site")
    names = ("push", "phone", "on_site", "sms")
    touched(*(step(name, channels=[name]) for name in names))
    card = holder(*names)
    sweep(DAY)
    assert steps_of(card.customer_id) == {
        "push": ("sent", "sent"), "phone": ("sent", "sent"), "on_site": ("waiting", "cap_reached"),
        "sms": ("waiting", "cap_reached"),
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("channel", ["push", "phone", "on_site"])
def test_a_refusal_holds_for_every_channel(channel: str) -> None:
    plan(channel)
    card = holder(channel)
    contact.record_do_not_contact(
        customer_id=card.customer_id, words="不要联系", source="call", actor=None, at=AT
    )
    sweep(DAY)
    assert answered(card) == ("skipped", "do_not_contact", "")
    assert (Message.objects.count(), Contact.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_step_by_telephone_becomes_a_lead_with_its_reason_and_last_day() -> None:
    plan("phone", valid_days=2)
    card = holder("phone", customer__phone="13800138000", customer__name="王小明")
    sweep(DAY)
    assert outreach.send_due_messages(clock=lambda: on(DAY), seconds=10) == 1
    sweep(DAY, 11)
    lead = Lead.objects.get()
    assert (lead.customer_id, lead.branch_id, lead.state) == (
        card.customer_id, card.customer.branch_id, "new",
    )  # fmt: skip
    assert (lead.reason, lead.call_before) == ("激活提醒 · 王**：请激活", on(DAY + 3 * DAYS, 0))
    assert Contact.objects.values_list("customer", "channel").get() == (card.customer_id, "phone")

    def callable_at(at: dt.datetime) -> list[Lead]:
        return list(telemarketing.callable_leads(scope=Scope(""), at=at))

    last = on(DAY + 3 * DAYS, 0)
    assert callable_at(last - dt.timedelta(seconds=1)) == [lead]
    assert callable_at(last) == []
    (listed,) = telemarketing.list_leads(scope=Scope(""), at=last)
    assert (listed.is_resting, listed.is_past) == (True, True)
    assert telemarketing.free_leads(scope=Scope(""), at=last) == 0


@pytest.mark.usefixtures("gateways")
def test_a_step_by_push_goes_through_its_gateway(settings: Any) -> None:
    settings.PUSH_URL = settings.SMS_URL.replace("/cgi-bin/sendsms", "/push")
    plan("push", "sms")
    card = holder("push", customer__name="王小明")
    sweep(DAY)
    assert outreach.send_due_messages(clock=lambda: on(DAY), seconds=10) == 1
    received = ReceivedMessage.objects.get()
    assert (received.channel, received.destination, received.subject, received.body) == (
        "push", card.customer.number, "激活提醒", "王**：请激活",
    )  # fmt: skip
    assert Message.objects.get().state == "sent"


@pytest.mark.django_db(transaction=True)
def test_a_step_on_site_is_what_mobile_bank_shows() -> None:
    plan("on_site")
    card = holder("on_site", customer__name="王小明")
    sweep(DAY)
    outreach.send_due_messages(clock=lambda: on(DAY), seconds=10)
    shown = outbox.on_site_messages(customer_number=card.customer.number, at=on(DAY, 12))
    assert [(one.title, one.text) for one in shown] == [("激活提醒", "王**：请激活")]


@pytest.mark.django_db
def test_a_message_whose_days_are_over_is_not_sent_any_more() -> None:
    plan("push", valid_days=1)
    card = holder("push")
    sweep(DAY)
    message = Message.objects.get()
    assert (message.state, message.valid_until) == ("queued", on(DAY + 2 * DAYS, 0))
    late = on(DAY + 2 * DAYS, 9)
    assert outreach.send_due_messages(clock=lambda: late, seconds=10) == 0
    message.refresh_from_db()
    assert (message.state, message.failure_kind, message.failure) == (
        "cancelled", "policy", "too_late",
    )  # fmt: skip
    assert Contact.objects.get(customer=card.customer).released_at == late


@pytest.mark.django_db
def test_the_plan_counts_by_channel_and_the_counts_add_up() -> None:
    version = plan(*ORDER)
    for channels in (("push",), ("push", "sms"), ("sms",), ("phone",), ()):
        holder(*channels)
    sweep(DAY)
    with translation.override("en"):
        (figures,) = queries.step_figures(version)
        drawn = queries.picture([figures])
    assert figures.channels == {"push": 2, "sms": 1, "phone": 1}
    assert figures.answers == [
        ("A message was written · Push message", 2), ("A message was written · SMS", 1),
        ("A message was written · Telephone", 1), ("No consent for this channel", 1),
    ]  # fmt: skip
    assert sum(figures.channels.values()) == figures.states["sent"]
    assert sum(count for _why, count in figures.answers) == figures.total == 5
    assert (
        "Message written · Push message 2, Message written · SMS 1, "
        "Message written · Telephone 1, Skipped 1" in drawn
    )
