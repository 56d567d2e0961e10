"""Questions to the gate, and what stands written about a customer before they are asked."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from journeys.contact import queries
from journeys.contact.models import Contact, DoNotContact, MarketingPause
from journeys.contact.rules import GateVerdict
from journeys.customers.models import Customer
from tests.factories.journeys import (
    INSTANT,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
SECOND, HOUR, DAY = dt.timedelta(seconds=1), dt.timedelta(hours=1), dt.timedelta(hours=24)
TINY = dt.timedelta(microseconds=1)


def ask(customer: Customer, at: dt.datetime = INSTANT, **changes: Any) -> GateVerdict:
    asked = {"purpose": "marketing", "channels": ["sms", "email"], "dedup_key": "A:qualified"}
    return queries.ask_gate(customer_ids=[customer.pk], at=at, **{**asked, **changes})[0]


def contacted(customer: Customer, at: dt.datetime, **changes: Any) -> Contact:
    fields = {"channel": "phone", "purpose": "marketing", "origin": "test"}
    number = Contact.objects.count()
    return Contact.objects.create(
        customer=customer, at=at, **{**fields, "dedup_key": f"other:{number}", **changes}
    )


def refuse(customer: Customer) -> None:
    DoNotContact.objects.create(customer=customer, at=INSTANT, words="no", source="call")


def pause(customer: Customer, until: dt.datetime | None = None) -> None:
    number = MarketingPause.objects.count()
    MarketingPause.objects.create(
        customer=customer, kind="complaint", reference=f"P{number}", since=INSTANT, until=until
    )


def lose_phone(customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(phone_sealed=None, phone_index=None)
