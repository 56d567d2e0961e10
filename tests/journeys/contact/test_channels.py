"""Every channel at the gate: what a person is reached by, consent, hours, and one cap over all."""

import datetime as dt
import itertools

import pytest

from journeys.contact import queries
from journeys.contact.enums import Channel
from journeys.contact.models import Contact, ContactHours
from journeys.customers.models import Customer
from portal.kit.personal import ERASED
from tests.factories.journeys import INSTANT, ConsentFactory, ContactRuleFactory, CustomerFactory

pytestmark = pytest.mark.django_db

WITHOUT = {
    "phone": {"phone_sealed": None, "phone_index": None, "callee": None},
    "email": {"email_sealed": None, "email_index": None, "reader": None},
    "name": {"name": ERASED},
}
REACHED_BY = {"sms": "phone", "phone": "phone", "email": "email", "push": "name", "on_site": "name"}


def answers(customer: Customer) -> dict[str, str]:
    now = queries.verdicts_now(customer.pk, at=INSTANT)
    return {channel: now[channel, "marketing"].answer for channel in Channel.values}


@pytest.fixture
def customer() -> Customer:
    ContactRuleFactory()
    customer = CustomerFactory()
    for channel in Channel.values:
        ConsentFactory(customer=customer, channel=channel)
    return customer


@pytest.mark.parametrize("missing", sorted(WITHOUT))
def test_a_person_is_reached_by_what_the_channel_needs(customer: Customer, missing: str) -> None:
    assert answers(customer) == dict.fromkeys(Channel.values, "open")
    Customer.objects.filter(pk=customer.pk).update(**WITHOUT[missing])
    assert answers(customer) == {
        channel: "no_address" if REACHED_BY[channel] == missing else "open"
        for channel in Channel.values
    }


def test_consent_is_given_channel_by_channel() -> None:
    ContactRuleFactory()
    for channel in Channel.values:
        customer = CustomerFactory()
        ConsentFactory(customer=customer, channel=channel)
        assert answers(customer) == {
            other: "open" if other == channel else "no_consent" for other in Channel.values
        }


def test_one_cap_counts_the_contacts_of_all_channels(customer: Customer) -> None:
    for number, channel in enumerate(("push", "on_site")):
        Contact.objects.create(
            customer=customer, channel=channel, purpose="marketing",
            at=INSTANT - dt.timedelta(hours=number + 1), origin="x", dedup_key=f"x{number}",
        )  # fmt: skip
    assert answers(customer) == dict.fromkeys(Channel.values, "cap_reached")


def test_each_channel_keeps_its_own_hours() -> None:
    """Noon in Shanghai: push opens in the evening only, mobile bank is never closed."""
    rule = ContactRuleFactory()
    customer = CustomerFactory()
    for channel, kind in itertools.product(("push", "on_site"), ("workday", "rest")):
        opens, closes = (dt.time(18), dt.time(20)) if channel == "push" else (dt.time(0),) * 2
        ContactHours.objects.create(
            effective_date=rule.effective_date + dt.timedelta(days=1), channel=channel,
            day_kind=kind, opens=opens, closes=closes, source="test",
        )  # fmt: skip
        ConsentFactory(customer=customer, channel=channel)
    now = queries.verdicts_now(customer.pk, at=INSTANT)
    evening = INSTANT + dt.timedelta(hours=6)
    planned = {channel: now[channel, "marketing"].not_before for channel in ("push", "on_site")}
    assert planned == {"push": evening, "on_site": INSTANT}
