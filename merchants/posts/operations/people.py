"""What is known of those who stand at posts: qualifications and absences."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.posts.access import may_keep_person
from merchants.posts.enums import AbsenceKind, ShiftState
from merchants.posts.models import PostAbsence, Shift, StaffQualification
from merchants.posts.operations.refusing import PostRefused, in_words
from portal.audit import operations as audit
from portal.kit import masking
from portal.kit.registry import registry
from portal.staff.models import Staff


@transaction.atomic
def record_qualification(
    *,
    staff: Staff,
    kind: str,
    first_date: dt.date,
    last_date: dt.date,
    source: str,
    actor: Staff,
    at: dt.datetime,
) -> StaffQualification:
    """This will record that a person is qualified, from when to when, and where that is written.
    Raises PostRefused."""
    _refuse_others(staff, actor)
    with in_words():
        row = StaffQualification.objects.create(
            staff=staff, kind=kind, first_date=first_date, last_date=last_date,
            source=masking.mask_text(source.strip()), recorded_by=actor, recorded_at=at,
        )  # fmt: skip
    changes = {
        "staff": staff.username, "kind": kind, "first_date": str(first_date),
        "last_date": str(last_date),
    }  # fmt: skip
    audit.record(
        action="qualification.recorded", actor=actor, at=at, target=row, reason=row.source,
        changes=changes,
    )  # fmt: skip
    return row


@transaction.atomic
def withdraw_qualification(
    *, qualification_id: int, why: str, on: dt.date, actor: Staff, at: dt.datetime
) -> StaffQualification:
    """This will end a qualification from a day on, for good. Raises PostRefused."""
    rows = StaffQualification.objects.select_for_update(of=("self",))
    row = rows.select_related("staff__branch").get(pk=qualification_id)
    _refuse_others(row.staff, actor)
    row.withdrawn_date, row.withdrawn_by = on, actor
    row.withdrawn_why = masking.mask_text(why.strip())
    with in_words():
        row.save(update_fields=["withdrawn_date", "withdrawn_by", "withdrawn_why"])
    audit.record(
        action="qualification.withdrawn", actor=actor, at=at, target=row, reason=row.withdrawn_why,
        changes={"staff": row.staff.username, "kind": row.kind, "from": str(on)},
    )  # fmt: skip
    return row


@transaction.atomic
def record_absence(
    *,
    staff: Staff,
    kind: str,
    first_date: dt.date,
    last_date: dt.date,
    actor: Staff,
    at: dt.datetime,
) -> tuple[PostAbsence, int]:
    """This will record that a person is not there, cancel the shifts of these days to which nobody
    checked in, and return how many those were. Raises PostRefused."""
    _refuse_others(staff, actor)
    if last_date < first_date:
        raise PostRefused(_("The last day is before the first one."))
    # As a shift that is planned at the same time does, so that one of the two finds the other.
    Staff.objects.select_for_update(of=("self",), no_key=True).get(pk=staff.pk)
    shifts = Shift.objects.filter(
        staff=staff, state=ShiftState.PLANNED, on_date__range=(first_date, last_date),
        attendance=None,
    )  # fmt: skip
    keys = list(shifts.order_by("id").values_list("id", flat=True))
    Shift.objects.filter(pk__in=keys).update(
        state=ShiftState.CANCELLED,
        cancelled_by=actor,
        cancelled_at=at,
        cancelled_why=str(AbsenceKind(kind).label),
    )
    with in_words():
        row = PostAbsence.objects.create(
            staff=staff, kind=kind, first_date=first_date, last_date=last_date,
            recorded_by=actor, recorded_at=at,
        )  # fmt: skip
    changes = {
        "staff": staff.username, "first_date": str(first_date), "last_date": str(last_date),
        "shifts": len(keys),
    }  # fmt: skip
    audit.record(action="absence.recorded", actor=actor, at=at, target=row, changes=changes)
    transaction.on_commit(lambda: registry.tell_away(staff.pk, at))
    return row, len(keys)


@transaction.atomic
def cancel_absence(*, absence_id: int, actor: Staff, at: dt.datetime) -> PostAbsence:
    """This will say that a person is there after all; shifts that were cancelled stay so. Raises
    PostRefused."""
    rows = PostAbsence.objects.select_for_update(of=("self",))
    row = rows.select_related("staff__branch").get(pk=absence_id)
    _refuse_others(row.staff, actor)
    if row.cancelled_at is not None:
        raise PostRefused(_("It was cancelled already."))
    row.cancelled_at = at
    row.save(update_fields=["cancelled_at"])
    changes = {"staff": row.staff.username, "first_date": str(row.first_date)}
    audit.record(action="absence.cancelled", actor=actor, at=at, target=row, changes=changes)
    return row


def _refuse_others(staff: Staff, actor: Staff) -> None:
    if not may_keep_person(actor, staff):
        raise PostRefused(_("The branch manager records this of others, and nobody the own of it."))
