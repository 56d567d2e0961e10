"""What gateways call back with, twice at once, and at the instant of a send."""

import datetime as dt
import threading

import pytest
from django.db import transaction

from journeys.contact import operations as contact
from journeys.models import Answer, BadAddress, DoNotContact, ErasedRefusal, Message, Receipt
from journeys.outreach import operations as outreach
from journeys.outreach import rules
from journeys.outreach.channels.protocol import AnswerRead
from journeys.outreach.enums import ReceiptKind
from journeys.outreach.operations import claiming
from journeys.rights import operations as rights
from portal.kit.personal import ERASED
from tests.factories import rights as erasing
from tests.factories.journeys import INSTANT, ConsentFactory, ContactRuleFactory, CustomerFactory
from tests.factories.outreach import MessageFactory
from tests.races.threads import in_threads, wait_for

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "13800138000"


def refuse(reference: str, phone: str = PHONE) -> Answer:
    answer = AnswerRead(phone, "R", reference, INSTANT)
    return outreach.take_answer(channel="sms", answer=answer, at=INSTANT)


def test_the_same_answer_at_once_is_one_refusal() -> None:
    customers = [CustomerFactory(phone=PHONE) for _ in range(3)]
    kept = in_threads(8, lambda _place: refuse("u1"))
    assert {one.pk for one in kept} == {Answer.objects.get().pk}
    assert sorted(DoNotContact.objects.values_list("customer", flat=True)) == [
        customer.pk for customer in customers
    ]


def test_refusals_of_many_at_once_from_an_unknown_phone_are_one_hash() -> None:
    in_threads(8, lambda place: refuse(f"u{place}", "13900139000"))
    assert (Answer.objects.count(), ErasedRefusal.objects.count()) == (8, 1)


def test_the_same_receipt_at_once_is_kept_once() -> None:
    message = MessageFactory(state="in_doubt", attempts=1)
    key = rules.message_key(message.pk, message.dedup_key)

    def take(place: int) -> bool:
        kind = ReceiptKind.DELIVERED if place % 2 else ReceiptKind.READ
        return outreach.take_receipt(channel="sms", key=key, kind=kind, reference="", at=INSTANT)

    assert sorted(in_threads(8, take)) == [False] * 6 + [True] * 2
    assert Receipt.objects.count() == 2
    assert Message.objects.get().state == "sent"


def test_a_refusal_beside_a_claim_is_seen_by_it_or_comes_after_it() -> None:
    """Whatever comes first: who is claimed after the refusal was taken is not handed over."""
    ContactRuleFactory(day_cap=50, month_cap=50)
    for number in range(12):
        phone = f"138001380{number:02d}"
        customer = CustomerFactory(phone=phone)
        ConsentFactory(customer=customer, channel="sms")
        first = MessageFactory(customer=customer)

        def work(place: int, phone: str = phone, number: int = number) -> None:
            if place:
                refuse(f"u{number}", phone)
            else:
                claiming.claim_batch(sizes={"sms": 5}, at=INSTANT)

        in_threads(2, work)
        first.refresh_from_db()
        assert first.state in {"sending", "cancelled", "queued"}
        later = MessageFactory(customer=customer)
        at = INSTANT + dt.timedelta(seconds=1)
        claims, _is_more = claiming.claim_batch(sizes={"sms": 5}, at=at)
        assert [claim.customer_id for claim in claims] == []
        later.refresh_from_db()
        first.refresh_from_db()
        assert "cancelled" in {later.state, first.state}
        Message.objects.filter(state="queued").update(
            state="cancelled", failure_kind="policy", failure="x"
        )


@pytest.mark.parametrize("what", ["answer", "refusal", "bad address", "bounce"])
def test_what_comes_back_beside_an_erasure_leaves_nothing_of_the_person(what: str) -> None:
    person = erasing.the_person()
    mail = MessageFactory(
        customer=person, channel="email", purpose="service", state="sent", sent_at=INSTANT,
        attempts=1,
    )  # fmt: skip
    erasure = erasing.allowed(person)
    inside = threading.Event()

    def hear(words: str) -> None:
        answer = AnswerRead(erasing.PHONE, words, "u1")
        outreach.take_answer(channel="sms", answer=answer, at=erasing.AT)

    told = {"address": erasing.EMAIL, "cause": "5.1.1", "at": erasing.AT}
    arrives = {
        "answer": lambda: hear("年费多少"),
        "refusal": lambda: hear("TD"),
        "bad address": lambda: contact.note_bad_address(customer_id=person.pk, **told),
        "bounce": lambda: outreach.take_bounce(message_id=mail.pk, is_hard=True, **told),
    }

    def work(place: int) -> None:
        if place:
            assert inside.wait(60)
            arrives[what]()
            return
        with transaction.atomic():
            rights.carry_out(erasure_id=erasure.pk, at=erasing.AT)
            inside.set()
            wait_for(1)

    in_threads(2, work)
    assert not BadAddress.objects.exists()
    assert list(Answer.objects.values_list("customer", "callee", "sender_masked", "words")) == (
        [(None, None, "***", ERASED)] if what in {"answer", "refusal"} else []
    )
    proof = rights.prove_everywhere(erasure_id=erasure.pk, at=erasing.AT)
    assert proof is not None
    assert proof.places == []
