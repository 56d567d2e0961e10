"""What was not used in time expires."""

import datetime as dt

from django.db import transaction

from campaigns.benefits.enums import EntryKind
from campaigns.benefits.models import Benefit, BenefitEntry
from campaigns.benefits.operations.entries import entry_of
from portal.audit import operations as audit

_AT_ONCE = 1000


def expire_benefits(*, on: dt.date, at: dt.datetime) -> int:
    """This will write off what is left of benefits whose last day is before `on`, and return how
    many there were. Safe to repeat, and to run twice at once.

    Budgets and stock stay charged: the bank answered for these uses until the last day, and a
    partner that reserved them is paid. So nobody else is given them.
    """
    count = 0
    while done := _some(on, at):
        count += done
    return count


@transaction.atomic
def _some(on: dt.date, at: dt.datetime) -> int:
    """The oldest of them; what somebody else is at work on is left to the next round."""
    due = Benefit.objects.filter(left__gt=0, end_date__lte=on).order_by("end_date", "id")
    rows = list(due.select_for_update(skip_locked=True)[:_AT_ONCE])
    if not rows:
        return 0
    BenefitEntry.objects.bulk_create(
        entry_of(benefit=row, kind=EntryKind.EXPIRE, units=-row.left, at=at) for row in rows
    )
    units = sum(row.left for row in rows)
    audit.record(
        action="benefits.expired",
        actor=None,
        at=at,
        changes={"benefits": len(rows), "uses": units, "before": str(on)},
    )
    return len(rows)
