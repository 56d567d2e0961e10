"""More days for a special complaint, where a second person allows it."""

import datetime as dt
from typing import Any

from django.db import transaction

from journeys.care import queries, rules
from journeys.care.enums import CareEventKind, ComplaintState
from journeys.care.models import Complaint
from journeys.care.operations import history
from journeys.care.operations.complaints import WordsMissing, locked
from journeys.care.operations.limits import limits_for
from portal.approvals import operations as approvals
from portal.approvals import rules as approval_rules
from portal.kit import clock, masking
from portal.staff.access import Scope
from portal.staff.models import Staff

APPROVAL_KIND = "complaint_extension"


class NotExtendable(Exception):
    """Raised when a complaint is not special, was extended already, or is overdue."""


@transaction.atomic
def ask_extension(*, complaint_id: int, reason: str, maker: Staff, at: dt.datetime) -> Complaint:
    """This will put the extension of an open special complaint before another person.

    Raises NotInState, NotExtendable, WordsMissing.
    """
    complaint = locked(complaint_id, ComplaintState.OPEN)
    if not complaint.may_be_extended or clock.bank_day(at) > complaint.due_date:
        raise NotExtendable(complaint.number)
    complaint.extension_reason = masking.mask_text(reason.strip())
    if not complaint.extension_reason:
        raise WordsMissing
    complaint.extension_asked_by, complaint.is_handled_here = maker, True
    complaint.save(update_fields=["extension_reason", "extension_asked_by", "is_handled_here"])
    approvals.submit(
        kind=APPROVAL_KIND,
        target_key=complaint.number,
        title=complaint.number,
        summary=complaint.extension_reason,
        snapshot=_snapshot(complaint),
        maker=maker,
        at=at,
    )
    history.add_event(
        thing=complaint,
        kind=CareEventKind.EXTENSION_ASKED,
        actor=maker,
        at=at,
        words=complaint.extension_reason,
    )
    return complaint


def _snapshot(complaint: Complaint) -> dict[str, Any]:
    further = limits_for(complaint.opened_date).extension_days
    to = rules.due_date(complaint.opened_date, complaint.limit_days, further)
    return {
        "complaint": complaint.number,
        "state": complaint.state,
        "grade": complaint.grade,
        "due": complaint.due_date.isoformat(),
        "extended_to": to.isoformat(),
        "reason": complaint.extension_reason,
    }


def _named(number: str) -> Complaint:
    complaint = queries.one_complaint(scope=Scope(branch_path=""), number=number)
    if complaint is None:
        raise NotExtendable(number)
    return complaint


def current_hash(target_key: str) -> str:
    """This will return the hash of the extension as the complaint stands now."""
    return approval_rules.snapshot_hash(_snapshot(_named(target_key)))


def carry_extended(target_key: str, checker: Staff, at: dt.datetime) -> None:
    """This will give a complaint the further days that `checker` allowed. Raises NotExtendable."""
    complaint = locked(_named(target_key).pk, ComplaintState.OPEN)
    if clock.bank_day(at) > complaint.due_date:
        raise NotExtendable(complaint.number)
    complaint.extension_days = limits_for(complaint.opened_date).extension_days
    complaint.extended_by, complaint.extended_date = checker, clock.bank_day(at)
    complaint.bound_date = None
    complaint.save(update_fields=["extension_days", "extended_by", "extended_date", "bound_date"])
    history.add_event(thing=complaint, kind=CareEventKind.EXTENDED, actor=checker, at=at)


def carry_refused(target_key: str, checker: Staff, at: dt.datetime) -> None:
    """This will take note that an extension was not allowed, was withdrawn, or became void; it
    may be asked for again."""
    complaint = locked(_named(target_key).pk, *ComplaintState)
    if not complaint.waits_for_extension:
        return  # opened again meanwhile: there is nothing left to refuse
    complaint.extension_reason, complaint.extension_asked_by = "", None
    complaint.save(update_fields=["extension_reason", "extension_asked_by"])
    history.add_event(thing=complaint, kind=CareEventKind.EXTENSION_REFUSED, actor=checker, at=at)
