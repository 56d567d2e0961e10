"""Whoever was angry is left in peace, on all channels."""

import datetime as dt

from journeys.contact import operations as contact
from journeys.contact.enums import PauseKind
from journeys.customers import queries as customers
from journeys.telemarketing import rules
from journeys.telemarketing.models import LeadCall
from journeys.telemarketing.operations import calling
from portal.staff.models import Staff


def leave_in_peace(*, call: LeadCall, actor: Staff, at: dt.datetime) -> int:
    """This will let marketing rest, on all channels, to the customers whom an angry call may have
    been with, who are locked: the lead's own and those on file with the phone. Calls of the phone
    rest by the call itself. It returns how many customers those are."""
    ids = set(customers.customers_called(calling.phone_of(call.lead)))
    if call.lead.customer_id is not None:
        ids.add(call.lead.customer_id)
    for customer_id in sorted(ids):
        contact.pause_marketing(
            customer_id=customer_id, kind=PauseKind.PEACE, actor=actor, at=at,
            reference=f"call:{call.pk}:{customer_id}",
        )  # fmt: skip
    return len(ids)


def end_peace(*, at: dt.datetime) -> int:
    """This will end what is over by now, and return how many pauses that were."""
    return contact.end_pauses(kind=PauseKind.PEACE, since_before=at - rules.COOLING, at=at)
