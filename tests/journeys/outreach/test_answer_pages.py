"""The pages of what came back: answers to look at, and addresses that do not work."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from journeys.contact import operations as contact
from journeys.models import Answer, BadAddress
from journeys.outreach import operations as outreach
from journeys.outreach.channels.protocol import AnswerRead
from journeys.outreach.enums import CallCause
from portal.kit import clock
from portal.models import AuditEntry
from tests.factories.journeys import CustomerFactory
from tests.factories.outreach import MessageFactory

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
PHONE = "13800138000"


def hear(words: str, reference: str, phone: str = PHONE) -> Answer:
    answer = AnswerRead(phone, words, reference)
    return outreach.take_answer(channel="sms", answer=answer, at=clock.now())


def shown(client: Client, **query: str) -> list[Answer]:
    return list(client.get(reverse("answer_list"), query).context["page"].rows)


def test_only_what_a_person_must_look_at_is_shown_first(client_of: ClientOf) -> None:
    CustomerFactory(phone=PHONE)
    refused, asked = hear("R", "u1"), hear("怎么领？", "u2")
    unknown = hear("退订", "u3", "13900139000")
    client = client_of("campaign_manager")
    assert shown(client) == [unknown, asked]
    assert shown(client, all="1") == [unknown, asked, refused]
    text = client.get(reverse("answer_list"), {"all": "1"}).content.decode()
    assert ("138****8000" in text, PHONE in text) == (True, False)


def test_an_answer_is_looked_at_once_with_a_note(client_of: ClientOf) -> None:
    answer = hear("怎么领？", "u1")
    client = client_of("campaign_manager")
    address = reverse("answer_settle", args=[answer.pk])
    for note in ("", "x", "x" * 201):
        client.post(address, {"note": note})
        answer.refresh_from_db()
        assert answer.settled_at is None
    for _ in range(2):
        assert client.post(address, {"note": "已回电"}).url == reverse("answer_list")
    answer.refresh_from_db()
    assert (answer.note, answer.is_to_look_at) == ("已回电", False)
    assert AuditEntry.objects.filter(action="answer.settled").count() == 1
    assert shown(client) == []
    assert "已回电" in client.get(reverse("answer_list"), {"all": "1"}).content.decode()


def test_refused_calls_stand_beneath_with_their_cause(client_of: ClientOf) -> None:
    for _ in range(2):
        outreach.note_bad_call(
            channel="sms", door="receipts", cause=CallCause.BAD_SECRET, address="10.0.0.1",
            at=clock.now(),
        )  # fmt: skip
    calls: Any = client_of("compliance").get(reverse("answer_list")).context["bad_calls"]
    assert [(call.cause, call.address, call.calls) for call in calls] in (
        [("bad_secret", "10.0.0.1", 2)],
        [("bad_secret", "10.0.0.1", 1), ("bad_secret", "10.0.0.1", 1)],  # a minute has turned
    )


def test_an_address_is_written_to_again_on_a_persons_word(client_of: ClientOf) -> None:
    customer = CustomerFactory(email="li@example.test")
    contact.note_bad_address(customer_id=customer.pk, address="", cause="5.1.1", at=clock.now())
    row, client = BadAddress.objects.get(), client_of("campaign_manager")
    text = client.get(reverse("bad_address_list")).content.decode()
    assert ("l***@example.test" in text, "li@example.test" in text) == (True, False)
    address = reverse("bad_address_end", args=[row.pk])
    client.post(address, {"note": ""})
    row.refresh_from_db()
    assert row.until is None
    for _ in range(2):
        client.post(address, {"note": "客户来电确认"})
    row.refresh_from_db()
    assert row.until is not None
    assert AuditEntry.objects.filter(action="bad_address.ended").count() == 1


def test_numbers_in_a_note_are_masked_when_it_is_kept(client_of: ClientOf) -> None:
    answer, client = hear("怎么领？", "u1"), client_of("campaign_manager")
    note = f"已回电 {PHONE}，卡号 6225881234560001"
    client.post(reverse("answer_settle", args=[answer.pk]), {"note": note})
    answer.refresh_from_db()
    assert answer.note.startswith("已回电 138****8000，卡号 ")
    assert "6225881234560001" not in answer.note
    text = client.get(reverse("answer_list"), {"all": "1"}).content.decode()
    assert ("已回电" in text, PHONE in text) == (True, False)


@pytest.mark.parametrize("name", ["answer_settle", "bad_address_end"])
def test_what_is_not_there_is_not_found(client_of: ClientOf, name: str) -> None:
    client = client_of("campaign_manager")
    assert client.post(reverse(name, args=[1]), {"note": "xx"}).status_code == 404


def test_the_page_of_a_message_shows_its_receipts(client_of: ClientOf) -> None:
    message = MessageFactory(state="sent", sent_at=clock.now(), attempts=1)
    message.receipts.create(kind="delivered", at=clock.now())
    page = client_of("campaign_manager").get(reverse("message_page", args=[message.pk]))
    assert [one.kind for one in page.context["receipts"]] == ["delivered"]


def test_the_timeline_tells_what_the_customer_wrote_back(client_of: ClientOf) -> None:
    customer, other = CustomerFactory(phone=PHONE), CustomerFactory()
    hear(f"请问年费多少，打{PHONE}", "u1")
    client = client_of("compliance")

    def timeline_of(number: str) -> str:
        return client.get(reverse("customer_timeline", args=[number])).content.decode()

    text = timeline_of(customer.number)
    assert "请问年费多少，打138****8000" in text
    assert PHONE not in text
    assert "请问年费多少" not in timeline_of(other.number)
