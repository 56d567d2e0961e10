"""Calls that people promised."""

import datetime as dt

from journeys.models import Callback
from journeys.telemarketing import operations
from portal.models import Staff
from tests.factories.journeys import LeadFactory
from tests.factories.leads import called

_phones = (str(number) for number in range(15441000001, 15441999999))


def promised(person: Staff, at: dt.datetime, *, made: dt.datetime) -> Callback:
    """A call of `at` that somebody promised when he called at `made`; the lead is his own since."""
    LeadFactory(branch=person.branch, phone=next(_phones), created_at=made)
    operations.next_lead(caller=person, at=made)
    return called(person, made, code="promised", promised_at=at).callback
