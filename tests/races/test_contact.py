"""Many reservations at once never break a cap."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import transaction

from journeys.contact import operations as contact
from journeys.contact.enums import PauseKind
from journeys.contact.models import Contact
from journeys.contact.rules import GateVerdict
from journeys.customers.enums import Trait
from journeys.outreach.models import Message
from journeys.outreach.operations import claiming
from tests.factories.journeys import INSTANT, ConsentFactory, ContactRuleFactory, CustomerFactory
from tests.factories.outreach import MessageFactory
from tests.factories.portal import BranchFactory
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)


def test_eight_reservations_at_once_keep_the_caps() -> None:
    ContactRuleFactory(day_cap=2, month_cap=3)
    branch = BranchFactory()
    ids = [ConsentFactory(customer__branch=branch).customer_id for _ in range(40)]

    def reserve(place: int) -> list[GateVerdict]:
        # Every other thread names the customers the other way round, and for the next day.
        order = ids if place % 2 else ids[::-1]
        at = INSTANT + dt.timedelta(hours=12 * (place % 3))
        return contact.reserve_contacts(
            customer_ids=order, purpose="marketing", channels=["sms"], origin="race",
            dedup_key=f"race:{place}", at=at,
        )  # fmt: skip

    verdicts = in_threads(8, reserve)
    opened = sum(verdict.is_open for each in verdicts for verdict in each)
    assert opened == Contact.objects.count()
    for customer_id in ids:
        times = sorted(Contact.objects.filter(customer_id=customer_id).values_list("at", flat=True))
        assert len(times) in {2, 3}
        for start in times:
            day = [one for one in times if start <= one < start + dt.timedelta(hours=24)]
            assert len(day) <= 2


def test_the_same_cause_at_once_is_reserved_once() -> None:
    ContactRuleFactory()
    branch = BranchFactory()
    ids = [ConsentFactory(customer__branch=branch).customer_id for _ in range(40)]

    def reserve(_place: int) -> list[GateVerdict]:
        return contact.reserve_contacts(
            customer_ids=ids, purpose="marketing", channels=["sms"], origin="race",
            dedup_key="race", at=INSTANT,
        )  # fmt: skip

    verdicts = in_threads(8, reserve)
    answers = sorted(verdict.answer for each in verdicts for verdict in each)
    assert answers == ["already"] * 280 + ["open"] * 40
    assert Contact.objects.count() == 40


def claimed_while_uncommitted(write: Callable[[], object]) -> list[int]:
    """What a sender takes while `write` is done and not yet committed."""
    is_written, may_commit = threading.Event(), threading.Event()

    def write_or_claim(place: int) -> list[int]:
        if place == 0:
            with transaction.atomic():
                write()
                is_written.set()
                assert may_commit.wait(60)
            return []
        assert is_written.wait(60)
        claimed = claim()
        may_commit.set()
        return claimed

    return in_threads(2, write_or_claim)[1]


def test_a_complaint_between_reservation_and_sending_binds_the_sending() -> None:
    """While a complaint is being written, its customer's message is left alone; from its commit
    on, the message is held back. No message is taken after its customer's complaint."""
    ContactRuleFactory()
    customer = ConsentFactory().customer
    message = MessageFactory(customer=customer)

    def complain() -> None:
        contact.pause_marketing(
            customer_id=customer.pk, kind=PauseKind.COMPLAINT, reference="P1", actor=None,
            at=INSTANT,
        )  # fmt: skip

    assert claimed_while_uncommitted(complain) == []
    message.refresh_from_db()
    assert (message.state, message.failure) == ("queued", "")
    assert claim() == []
    message.refresh_from_db()
    assert (message.state, message.failure) == ("queued", "complaint_open")


@pytest.mark.parametrize("trait", list(Trait))
def test_a_refusal_binds_the_sending_to_others_who_share_something(trait: Trait) -> None:
    """As above, for a message to another customer who is on file with the same phone, ID number or
    e-mail address."""
    ContactRuleFactory()
    values = {"phone": "15400000001", "id_number": "11010519491231002X", "email": "w@example.cn"}
    shared = {trait.value: values[trait.value]}
    other = CustomerFactory(**shared)
    customer = ConsentFactory(customer=CustomerFactory(**shared)).customer
    message = MessageFactory(customer=customer)

    def refuse() -> None:
        contact.record_do_not_contact(
            customer_id=other.pk, words="no", source="call", actor=None, at=INSTANT
        )

    assert claimed_while_uncommitted(refuse) == []
    message.refresh_from_db()
    assert (message.state, message.failure) == ("queued", "")
    assert claim() == []
    message.refresh_from_db()
    assert (message.state, message.failure) == ("cancelled", "do_not_contact")


def claim() -> list[int]:
    claims, _is_more = claiming.claim_batch(sizes={"sms": 5}, at=INSTANT)
    return [each.message_id for each in claims]


def test_complaints_and_senders_at_once_never_cross() -> None:
    ContactRuleFactory()
    branch = BranchFactory()
    ids = [ConsentFactory(customer__branch=branch).customer_id for _ in range(40)]
    for customer_id in ids:
        MessageFactory(customer_id=customer_id)

    def work(place: int) -> list[int]:
        kept: list[int] = []
        if place:
            for _round in range(10):
                claim()
            return kept
        for number, customer_id in enumerate(ids):
            contact.pause_marketing(
                customer_id=customer_id, kind=PauseKind.COMPLAINT, reference=f"P{number}",
                actor=None, at=INSTANT,
            )  # fmt: skip
            # What is not being sent at the commit of the complaint is never sent after it.
            message = Message.objects.get(customer_id=customer_id)
            if message.state == "queued":
                kept.append(message.pk)
        return kept

    kept = in_threads(4, work)[0]
    claim()
    assert not Message.objects.filter(pk__in=kept).exclude(state="queued").exists()
