"""A text is withdrawn while messages with it are being taken in hand, and while runs write more:
each message is either on its way already or never goes."""

import threading

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from campaigns.texts.operations import propose_text
from campaigns.texts.rules import Key
from journeys.contact.models import Contact
from journeys.outreach import operations as outreach
from journeys.outreach.models import Message, MessageTemplate
from journeys.outreach.operations import claiming
from portal.approvals import operations as approvals
from portal.models import Submission
from tests.factories.journeys import INSTANT, ConsentFactory, ContactRuleFactory
from tests.factories.outreach import MessageFactory, TemplateFactory
from tests.factories.portal import StaffFactory
from tests.races.threads import in_threads, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def due() -> Message:
    message = MessageFactory()
    ConsentFactory(customer=message.customer, effective_at=INSTANT)
    return message


def claim() -> list[int]:
    claims, _is_more = claiming.claim_batch(sizes={"sms": 5}, at=INSTANT)
    return [one.message_id for one in claims]


def test_what_is_taken_goes_and_all_else_is_cancelled() -> None:
    ContactRuleFactory()
    ids = {due().pk for _number in range(40)}
    text, officer = TemplateFactory(), StaffFactory(role="compliance")

    refusals: list[str] = []

    def work(place: int) -> list[int]:
        if place == 3:
            outreach.withdraw_text(template_id=text.pk, reason="x", actor=officer, at=INSTANT)
            return []
        taken: list[int] = []
        for _number in range(6):
            try:
                taken += claim()
            except DatabaseError as refused:
                # The database itself, where the withdrawal came between reading and taking.
                refusals.append(str(refused))
        return taken

    taken = {key for found in in_threads(4, work) for key in found}
    assert all("was withdrawn" in one for one in refusals)
    states = dict(Message.objects.values_list("id", "state"))
    assert {key for key, state in states.items() if state == "sending"} == taken
    assert {key for key, state in states.items() if state == "cancelled"} == ids - taken
    assert Contact.objects.filter(released_at=None).count() == len(taken)
    assert claim() == []


def test_a_withdrawal_waits_for_the_sender_before_it_and_leaves_it_alone() -> None:
    ContactRuleFactory()
    message, officer = due(), StaffFactory(role="compliance")
    has_taken = threading.Event()

    def work(place: int) -> int:
        if place == 0:
            with transaction.atomic():
                assert claim() == [message.pk]
                has_taken.set()
                wait_for(1)
            return 0
        assert has_taken.wait(60)
        return outreach.withdraw_text(
            template_id=message.template_id, reason="x", actor=officer, at=INSTANT
        )

    assert in_threads(2, work) == [0, 0]
    message.refresh_from_db()
    assert message.state == "sending"


def test_a_message_written_while_a_text_is_withdrawn_is_cancelled_when_its_turn_comes() -> None:
    ContactRuleFactory()
    text, officer = TemplateFactory(), StaffFactory(role="compliance")
    outreach.withdraw_text(template_id=text.pk, reason="x", actor=officer, at=INSTANT)
    late = due()
    assert claim() == []
    late.refresh_from_db()
    assert (late.state, late.failure) == ("cancelled", "text_withdrawn")
    assert Contact.objects.get().released_at == INSTANT


WORDS = {"subject": "", "body": "【信用卡中心】您好。拒收请回复R"}


@pytest.mark.parametrize(("verdict", "versions"), [("approve", 1), ("return", 0)])
def test_words_beside_a_decision_come_in_by_the_decision_alone(verdict: str, versions: int) -> None:
    """Whoever writes the version while another person decides waits for the decision: returned
    words never come in, and approved ones once."""
    propose_text(
        key=Key("greeting", "sms", "zh-hans"), **WORDS,
        maker=StaffFactory(role="campaign_manager"), at=INSTANT,
    )  # fmt: skip
    row, checker = Submission.objects.get(), StaffFactory(role="approver")
    has_decided, has_tried = threading.Event(), threading.Event()

    def work(place: int) -> str:
        if place == 0:
            with transaction.atomic():
                approvals.decide(
                    submission_id=row.pk, checker=checker, verdict=verdict, reason="x", at=INSTANT
                )
                has_decided.set()
                has_tried.wait(1)  # it is refused at once, or waits for us
            return "decided"
        assert has_decided.wait(60)
        try:
            MessageTemplate.objects.create(
                code="greeting", channel="sms", language="zh-hans", version=2, **WORDS,
                author=row.maker, approved_in=row,
            )  # fmt: skip
        except IntegrityError as refused:
            return type(refused).__name__
        finally:
            has_tried.set()
        return "came in"

    assert in_threads(2, work) == ["decided", "IntegrityError"]
    found = MessageTemplate.objects.values_list("version", "body", "approved_in")
    assert list(found) == [(1, WORDS["body"], row.pk)] * versions
