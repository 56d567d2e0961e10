"""What the auditor makes of what was learned about a message, or an address, after a sending."""

import datetime as dt

import pytest

from journeys.contact import operations as contact
from journeys.contact.models import BadAddress
from journeys.customers.enums import Trait
from journeys.outreach import operations as outreach
from journeys.outreach.enums import Found, ReceiptKind
from journeys.outreach.models import Message
from journeys.outreach.rules import message_key
from tests.factories.journeys import INSTANT, ContactRuleFactory, CustomerFactory
from tests.factories.portal import StaffFactory
from tests.journeys.outreach.test_queries_breaches import HOUR, SECOND, VALUES, agreed, broken

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("since", "until", "is_broken"),
    [
        (HOUR, None, True), (5 * SECOND, None, True), (4 * SECOND, None, False),
        (-SECOND, None, False), (HOUR, HOUR, True), (2 * HOUR, -HOUR, False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("purpose", ["marketing", "service"])
def test_an_address_from_which_mail_came_back_is_written_to_no_more(
    purpose: str, since: dt.timedelta, until: dt.timedelta | None, is_broken: bool
) -> None:
    """Whoever has it: the mail came back from another person's."""
    ContactRuleFactory()
    message = agreed(
        channel="email", purpose=purpose, customer=CustomerFactory(email=VALUES[Trait.EMAIL])
    )
    agreed(channel="sms", customer=message.customer, purpose="service")
    other = CustomerFactory(email=VALUES[Trait.EMAIL])
    ended = {} if until is None else {"until": INSTANT + until, "ended_by": StaffFactory()}
    contact.note_bad_address(
        customer_id=other.pk, address=VALUES[Trait.EMAIL], cause="5.1.1", at=INSTANT - since
    )
    if ended:
        BadAddress.objects.update(**ended)
    assert broken() == ([("address", message.pk)] if is_broken else [])


@pytest.mark.parametrize("settle", ["asked", "receipt", "person"])
def test_what_was_in_doubt_is_judged_by_when_it_was_taken_up(settle: str) -> None:
    """It is known at night that it was sent in the evening."""
    ContactRuleFactory()
    at = dt.datetime.fromisoformat("2026-03-03T19:59:00+08:00")
    message = agreed(at, state="in_doubt", sent_at=None, attempts=1)
    Message.objects.update(not_before=at + HOUR)
    night = at + 3 * HOUR
    if settle == "asked":
        outreach.settle_in_doubt(find=lambda _channel, _key: Found.SENT, at=night)
    elif settle == "receipt":
        key = message_key(message.pk, message.dedup_key)
        outreach.take_receipt(
            channel="sms", key=key, kind=ReceiptKind.DELIVERED, reference="", at=night
        )
    else:
        outreach.mark_as_sent(
            message_id=message.pk, actor=StaffFactory(), reason="Gateway says so", at=night
        )
    message.refresh_from_db()
    assert (message.state, message.sent_at) == ("sent", night)
    assert broken() == []
    # A worker that was frozen, and handed over when it went on.
    Message.objects.update(sent_at=night + SECOND)
    assert broken() == [("hours", message.pk)]
