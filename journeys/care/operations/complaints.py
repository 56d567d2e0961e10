"""The steps of a complaint. While it is not closed, marketing to the person rests."""

import datetime as dt

from django.db import transaction

from journeys.care import queries
from journeys.care.enums import CareEventKind, ComplaintState
from journeys.care.models import Complaint
from journeys.care.operations import history
from journeys.care.operations.limits import limits_for
from journeys.care.rules import Cause
from journeys.contact import operations as contact
from journeys.contact.enums import PauseKind
from journeys.customers.models import Customer
from portal.kit import clock, masking
from portal.staff.models import Staff


class NotInState(Exception):
    """Raised when a complaint is not in a state in which the step is possible."""


class WordsMissing(Exception):
    """Raised when a step lacks the words, the cause or the reference that it must leave."""


class CauseUnknown(Exception):
    """Raised when the campaign version, text or member of staff named as a cause is not there."""


@transaction.atomic
def open_complaint(
    *,
    customer_id: int,
    grade: str,
    channel: str,
    words: str,
    actor: Staff | None,
    at: dt.datetime,
) -> Complaint:
    """This will take in a complaint, start its clock and let marketing to the person rest.

    It belongs to the customer's branch. Raises NoLimits, WordsMissing,
    contact.UnknownCustomer and contact.ErasedCustomer.
    """
    on = clock.bank_day(at)
    limits = limits_for(on)
    words = _words(words)
    number = history.next_number(kind=PauseKind.COMPLAINT, day=on)
    pause = contact.pause_marketing(
        customer_id=customer_id, kind=PauseKind.COMPLAINT, reference=number, actor=actor, at=at
    )
    customer = Customer.objects.get(pk=pause.customer_id)
    complaint = Complaint.objects.create(
        number=number,
        customer=customer,
        branch_id=customer.branch_id,
        channel=channel,
        grade=grade,
        words=words,
        opened_date=on,
        limit_days=limits.of(grade),
    )
    history.add_event(thing=complaint, kind=CareEventKind.OPENED, actor=actor, at=at, words=words)
    return complaint


@transaction.atomic
def answer_complaint(
    *, complaint_id: int, words: str, actor: Staff | None, at: dt.datetime
) -> Complaint:
    """This will record the answer to the customer; the clock stops. Raises NotInState and
    WordsMissing."""
    complaint = locked(complaint_id, ComplaintState.OPEN)
    words = _words(words)
    complaint.state, complaint.answered_date = ComplaintState.ANSWERED, clock.bank_day(at)
    _save(complaint, "state", "answered_date")
    history.add_event(thing=complaint, kind=CareEventKind.ANSWERED, actor=actor, at=at, words=words)
    return complaint


@transaction.atomic
def close_complaint(
    *, complaint_id: int, cause: Cause, remedy: str, actor: Staff | None, at: dt.datetime
) -> Complaint:
    """This will close an answered complaint with its root cause; marketing goes on unless
    something else stands against it. Raises NotInState, WordsMissing and CauseUnknown."""
    complaint = locked(complaint_id, ComplaintState.ANSWERED)
    if not cause.is_complete:
        raise WordsMissing(cause.kind)
    if not queries.exists(cause):
        raise CauseUnknown(cause.reference)
    complaint.state, complaint.closed_date = ComplaintState.CLOSED, clock.bank_day(at)
    complaint.cause_kind, complaint.cause_staff_id = cause.kind, cause.staff_id
    complaint.cause_reference, complaint.remedy = cause.reference, _words(remedy)
    _save(
        complaint, "state", "closed_date", "cause_kind", "cause_staff", "cause_reference", "remedy"
    )
    contact.resume_marketing(
        kind=PauseKind.COMPLAINT, reference=complaint.number, actor=actor, at=at
    )
    history.add_event(
        thing=complaint, kind=CareEventKind.CLOSED, actor=actor, at=at, words=complaint.remedy
    )
    return complaint


@transaction.atomic
def reopen_complaint(
    *, complaint_id: int, reason: str, actor: Staff | None, at: dt.datetime
) -> Complaint:
    """This will open an answered or closed complaint again. Its clock starts anew with the limits
    of the day, and a trigger keeps the round before; marketing rests again. Raises NotInState,
    WordsMissing, NoLimits, contact.ErasedCustomer."""
    # The customer first, as a file does: so neither waits for the other in a ring.
    person = Complaint.objects.values_list("customer_id", flat=True).get(pk=complaint_id)
    contact.lock_customer(person)
    complaint = locked(complaint_id, ComplaintState.ANSWERED, ComplaintState.CLOSED)
    reason, on = _words(reason), clock.bank_day(at)
    if complaint.state == ComplaintState.CLOSED:
        contact.pause_marketing(
            customer_id=complaint.customer_id,
            kind=PauseKind.COMPLAINT,
            reference=complaint.number,
            actor=actor,
            at=at,
        )
    complaint.state, complaint.opened_date = ComplaintState.OPEN, on
    complaint.limit_days, complaint.extension_days = limits_for(on).of(complaint.grade), 0
    complaint.answered_date = complaint.closed_date = complaint.bound_date = None
    complaint.cause_kind = complaint.cause_reference = complaint.remedy = ""
    complaint.extension_reason, complaint.extended_date = "", None
    complaint.cause_staff = complaint.extension_asked_by = complaint.extended_by = None
    _save(
        complaint,
        *("state", "opened_date", "limit_days", "bound_date", "answered_date", "closed_date"),
        *("cause_kind", "cause_reference", "cause_staff", "remedy"),
        *("extension_days", "extension_reason", "extension_asked_by", "extended_by"),
        "extended_date",
    )
    history.add_event(
        thing=complaint, kind=CareEventKind.REOPENED, actor=actor, at=at, words=reason
    )
    return complaint


def locked(complaint_id: int, *states: ComplaintState) -> Complaint:
    """This will lock a complaint that must be in one of the states. Raises NotInState."""
    rows = Complaint.objects.select_for_update(of=("self",), no_key=True)
    complaint = rows.get(pk=complaint_id)
    if complaint.state not in states:
        raise NotInState(complaint.number)
    return complaint


def _save(complaint: Complaint, *fields: str) -> None:
    complaint.is_handled_here = True
    complaint.save(update_fields=[*fields, "is_handled_here"])
    complaint.refresh_from_db(fields=["due_date"])


def _words(text: str) -> str:
    masked = masking.mask_text(text.strip())
    if not masked:
        raise WordsMissing
    return masked
