"""Service cases: opened and closed."""

import datetime as dt

from django.db import transaction

from journeys.care import rules
from journeys.care.enums import CareEventKind, CaseState
from journeys.care.models import ServiceCase
from journeys.care.operations import history
from journeys.care.operations.complaints import WordsMissing
from journeys.contact import operations as contact
from journeys.contact.enums import PauseKind
from journeys.customers.models import Customer
from portal.kit import clock, masking
from portal.staff.models import Staff


class CaseClosed(Exception):
    """Raised when a case is to be closed that is closed."""


@transaction.atomic
def open_case(
    *, customer_id: int, channel: str, subject: str, actor: Staff | None, at: dt.datetime
) -> ServiceCase:
    """This will open a case of the customer's branch, owned by who opened it; marketing to the
    person rests. Raises WordsMissing, contact.UnknownCustomer and contact.ErasedCustomer."""
    # An address may be longer under its mask.
    subject = masking.mask_text(subject.strip())[: rules.SUBJECT_LENGTH]
    if not subject:
        raise WordsMissing
    on = clock.bank_day(at)
    number = history.next_number(kind=PauseKind.CASE, day=on)
    contact.pause_marketing(
        customer_id=customer_id, kind=PauseKind.CASE, reference=number, actor=actor, at=at
    )
    customer = Customer.objects.get(pk=customer_id)
    case = ServiceCase.objects.create(
        number=number,
        customer=customer,
        branch_id=customer.branch_id,
        channel=channel,
        subject=subject,
        owner=actor,
        opened_date=on,
    )
    history.add_event(thing=case, kind=CareEventKind.OPENED, actor=actor, at=at)
    return case


@transaction.atomic
def close_case(*, case_id: int, words: str, actor: Staff | None, at: dt.datetime) -> ServiceCase:
    """This will close a case with what was done; marketing goes on unless something else stands
    against it. Raises CaseClosed and WordsMissing."""
    case = ServiceCase.objects.select_for_update(of=("self",), no_key=True).get(pk=case_id)
    if not case.is_open:
        raise CaseClosed(case.number)
    words = masking.mask_text(words.strip())
    if not words:
        raise WordsMissing
    case.state, case.closed_date, case.is_handled_here = CaseState.CLOSED, clock.bank_day(at), True
    case.save(update_fields=["state", "closed_date", "is_handled_here"])
    contact.resume_marketing(kind=PauseKind.CASE, reference=case.number, actor=actor, at=at)
    history.add_event(thing=case, kind=CareEventKind.CLOSED, actor=actor, at=at, words=words)
    return case
