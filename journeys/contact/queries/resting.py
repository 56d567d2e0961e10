"""Whether marketing to somebody rests, for lists of what waits for a person: what the gate answers
about complaint, service case, consent and control group, as a condition of a query."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Least

from journeys.contact.enums import ConsentPurpose, PauseKind
from journeys.contact.models import Consent, MarketingPause
from journeys.contact.queries.control import customer_is_held


def marketing_rests(customer: str, *, channel: str, at: dt.datetime) -> Q:
    """This will tell, of rows that name a customer in the foreign key `customer`, whether marketing
    to him on a channel rests at `at`: a complaint or service case is open, no consent to the
    channel holds (see `consent_holds_sql`), or the bank's control group holds him."""
    paused = MarketingPause.objects.filter(customer=OuterRef(customer), until=None)
    said = Consent.objects.filter(
        purpose=ConsentPurpose.MARKETING, channel=channel, effective_at__lte=at
    )
    taken_back = said.filter(
        customer=OuterRef("customer"),
        is_granted=False,
        effective_at__gte=Least(OuterRef("recorded_at"), OuterRef("effective_at")),
    )
    holds = said.filter(~Exists(taken_back), customer=OuterRef(customer), is_granted=True)
    return Q(Exists(paused)) | ~Q(Exists(holds)) | customer_is_held(customer, at=at)


def customer_in_peace(customer: str) -> Q:
    """This will tell, of rows that name a customer in the foreign key `customer`, whether he is
    left in peace after an angry call."""
    rows = MarketingPause.objects.filter(kind=PauseKind.PEACE, until=None)
    return Q(Exists(rows.filter(customer=OuterRef(customer))))


def phone_is_paused(callee: str) -> Q:
    """This will tell, of rows that hold the hash of a phone in `callee`, whether a complaint or
    service case of a customer with that phone is open, or he is left in peace."""
    return Q(Exists(MarketingPause.objects.filter(customer__callee=OuterRef(callee), until=None)))
