"""A wording that somebody of the bank has sent to the own address."""

import datetime as dt
from typing import Any

import pytest
from django.utils import translation

from journeys.models import Contact, Message, ReceivedMessage, TextTest
from journeys.outreach import operations, queries
from journeys.outreach.rules import VariableMissing
from portal.models import AuditEntry, Staff
from tests.factories.journeys import INSTANT
from tests.factories.portal import StaffFactory


def send(actor: Staff, at: dt.datetime = INSTANT, **changes: Any) -> TextTest:
    words = {
        "code": "greeting", "channel": "email", "language": "zh-hans", "subject": "{name}您好",
        "body": "{name}，您好。", "values": {"name": "王**"},
    } | changes  # fmt: skip
    return operations.send_test(actor=actor, at=at, **words)


@pytest.mark.usefixtures("gateways")
def test_it_arrives_at_the_own_address_by_the_channel_and_stays_on_record() -> None:
    me = StaffFactory(email="wang@bank.example", language="en")
    with translation.override("en"):
        row = send(me)
    received = ReceivedMessage.objects.get()
    assert (received.destination, received.body.strip()) == ("wang@bank.example", "王**，您好。")
    assert received.subject == "[Test] 王**您好"
    assert (row.result, row.is_sent, row.destination_masked) == ("sent", True, "w***@bank.example")
    entry = AuditEntry.objects.get(action="template.tested")
    assert (entry.actor, entry.changes["result"]) == (me, "sent")
    assert "wang@bank.example" not in str(entry.changes)
    assert (Message.objects.count(), Contact.objects.count()) == (0, 0)
    assert list(queries.tests_of(staff_id=me.pk, since=INSTANT)) == [row]


@pytest.mark.usefixtures("gateways")
def test_what_the_gateway_says_is_told() -> None:
    addresses = [f"wang{fault}@bank.example" for fault in ("0000", "1111", "2222")]
    rows = [send(StaffFactory(email=address)) for address in addresses]
    assert [row.result for row in rows] == ["bad_address", "busy", "no_answer"]
    assert [row.detail for row in rows if "bank.example" in row.detail] == []
    assert len({operations.words_of(row.result) for row in rows}) == 3


@pytest.mark.django_db
def test_a_gateway_that_is_away_is_told_and_counts(settings: Any) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    me, other = (StaffFactory(email=f"{name}@bank.example") for name in "ab")
    minutes = [INSTANT + dt.timedelta(minutes=number) for number in range(10)]
    assert {send(me, at).result for at in minutes} == {"unreachable"}
    with pytest.raises(operations.NotTested):
        send(me, INSTANT + dt.timedelta(minutes=59))
    assert TextTest.objects.count() == 10
    assert send(other).result == "unreachable"
    assert send(me, INSTANT + dt.timedelta(minutes=60, seconds=1)).result == "unreachable"


@pytest.mark.django_db
def test_who_has_no_own_address_for_a_channel_is_told() -> None:
    me = StaffFactory(email="")
    with pytest.raises(operations.NotTested):
        send(me)
    me.email = "a@bank.example"
    for channel in ("sms", "push", "phone", "on_site"):
        with pytest.raises(operations.NotTested):
            send(me, channel=channel)
    with pytest.raises(VariableMissing):
        send(me, values={})
    assert not TextTest.objects.exists()
