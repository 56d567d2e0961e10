"""Queueing: contacts and messages are written together, in the right language."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journeys.contact.enums import GateAnswer
from journeys.contact.models import Contact
from journeys.contact.rules import GateVerdict
from journeys.outreach import operations as outreach
from journeys.outreach import queries, rules
from journeys.outreach.models import Message
from portal.models import AuditEntry
from tests.factories.journeys import (
    INSTANT,
    ConsentFactory,
    ContactRuleFactory,
    CustomerFactory,
)
from tests.factories.outreach import MessageFactory, TemplateFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db


def queue(*customer_ids: int, at: dt.datetime = INSTANT, **changes: Any) -> list[GateVerdict]:
    asked: dict[str, Any] = {
        "customer_ids": customer_ids,
        "contexts": {customer_id: {"name": f"客户{customer_id}"} for customer_id in customer_ids},
        "purpose": "marketing",
        "channels": ["sms", "email"],
        "template_code": "greeting",
        "origin": "campaign:A:v1",
        "dedup_key": "A:qualified",
        "at": at,
    }
    return outreach.queue_messages(**{**asked, **changes})


def test_each_person_let_through_gets_one_message_in_the_own_language() -> None:
    ContactRuleFactory()
    TemplateFactory(version=1, body="old")
    sms = TemplateFactory(version=2)
    english = TemplateFactory(language="en", body="Hello {name}. Reply R to refuse")
    mail = TemplateFactory(channel="email")
    chinese = ConsentFactory().customer
    foreign = ConsentFactory(customer__language="en").customer
    other = ConsentFactory(customer__language="fr", channel="email").customer
    silent = CustomerFactory()
    verdicts = queue(chinese.pk, foreign.pk, other.pk, silent.pk)
    assert [verdict.answer for verdict in verdicts] == ["open", "open", "open", "no_consent"]
    rows = Message.objects.order_by("customer_id")
    assert [(row.customer_id, row.channel, row.template_id, row.context) for row in rows] == [
        (chinese.pk, "sms", sms.pk, {"name": f"客户{chinese.pk}"}),
        (foreign.pk, "sms", english.pk, {"name": f"客户{foreign.pk}"}),
        (other.pk, "email", mail.pk, {"name": f"客户{other.pk}"}),
    ]
    assert {(row.state, row.not_before, row.origin, row.dedup_key) for row in rows} == {
        ("queued", INSTANT, "campaign:A:v1", "A:qualified")
    }
    assert queries.count_by_state(origin="campaign:A:v1") == {"queued": 3}
    assert AuditEntry.objects.get().changes["messages"] == 3


def test_repeating_queues_nobody_twice() -> None:
    ContactRuleFactory()
    TemplateFactory(), TemplateFactory(channel="email")
    customer = ConsentFactory().customer
    queue(customer.pk)
    assert [verdict.answer for verdict in queue(customer.pk)] == [GateAnswer.ALREADY]
    assert (Message.objects.count(), Contact.objects.count()) == (1, 1)


def test_at_night_a_message_waits_for_the_morning() -> None:
    ContactRuleFactory()
    TemplateFactory(), TemplateFactory(channel="email")
    customer = ConsentFactory().customer
    evening = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)  # 20:00 in Shanghai
    queue(customer.pk, at=evening)
    morning = dt.datetime(2026, 3, 3, 1, 0, tzinfo=dt.UTC)
    assert (Message.objects.get().not_before, Contact.objects.get().at) == (morning, morning)


@pytest.mark.parametrize(
    ("fault", "refusal"),
    [
        (lambda: None, outreach.TemplateMissing),
        (lambda: TemplateFactory(language="en"), outreach.TemplateMissing),
        (lambda: TemplateFactory(body="{reward}"), outreach.ContextIncomplete),
        (lambda: TemplateFactory(body="{name.__class__}"), rules.BadTemplate),
    ],
)
def test_what_cannot_be_sent_is_refused_before_anything_is_written(
    fault: Callable[[], Any], refusal: type[Exception]
) -> None:
    ContactRuleFactory()
    fault()
    customer = ConsentFactory().customer
    with pytest.raises(refusal):
        queue(customer.pk, channels=["sms"])
    assert (Message.objects.count(), Contact.objects.count(), AuditEntry.objects.count()) == (
        0,
        0,
        0,
    )


def test_counts_are_of_the_origin_asked_for() -> None:
    MessageFactory.create_batch(2, origin="a")
    MessageFactory(origin="a", state="sent", sent_at=INSTANT)
    MessageFactory(origin="b")
    assert queries.count_by_state(origin="a") == {"queued": 2, "sent": 1}
    assert queries.count_by_state(origin="c") == {}


def test_queueing_takes_the_same_few_statements_for_many() -> None:
    ContactRuleFactory()
    TemplateFactory(), TemplateFactory(channel="email")
    people = [ConsentFactory().customer.pk for _ in range(30)]
    with CaptureQueriesContext(
        connection,
    ) as few:
        queue(people[0])
    with CaptureQueriesContext(connection) as many:
        queue(*people[1:])
    assert len(few) == len(many)


def test_what_waits_can_be_called_off() -> None:
    staff = StaffFactory()
    messages = {
        state: MessageFactory(
            origin="a",
            state=state,
            sent_at=INSTANT if state == "sent" else None,
            lease_until=INSTANT if state == "sending" else None,
            failure_kind="temporary" if state == "parked" else "",
        )
        for state in ("queued", "parked", "sending", "in_doubt", "sent")
    }
    other = MessageFactory(origin="b")
    outreach.begin_calling_off(origins=["a"], actor=staff, reason="stop", at=INSTANT)
    assert outreach.call_off_at_once(origins=["a"], at=INSTANT) == 2
    assert queries.count_by_state(origin="a") == {
        "cancelled": 2, "sending": 1, "in_doubt": 1, "sent": 1,
    }  # fmt: skip
    released = Contact.objects.exclude(released_at=None).values_list("customer_id", flat=True)
    assert sorted(released) == [messages["queued"].customer_id, messages["parked"].customer_id]
    other.refresh_from_db()
    assert (other.state, AuditEntry.objects.get().changes["messages"]) == ("queued", 2)
