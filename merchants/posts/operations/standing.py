"""At the post: checking in and out, counting, tasks, and check-outs that were forgotten."""

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from merchants.posts import queries
from merchants.posts.access import stands_there
from merchants.posts.models import Attendance, Shift, ShiftCount, ShiftTask
from merchants.posts.operations.refusing import SENTENCES, PostRefused, in_words
from portal.audit import operations as audit
from portal.staff.models import Staff

_MINUTE = dt.timedelta(minutes=1)


@transaction.atomic
def check_in(*, shift_id: int, actor: Staff, at: dt.datetime) -> Attendance:
    """This will note that the person of a shift is there; late by more than the rule allows, it
    says so. Whether the person may stand there is asked once more. Raises PostRefused."""
    shift = _own(shift_id, actor)
    rule = queries.rule_on(shift.on_date)
    late = max(0, int((at - shift.starts_at) / _MINUTE))
    is_late = rule is not None and late > rule.late_minutes
    with in_words():
        came = Attendance.objects.create(shift=shift, in_at=at, minutes_late=late if is_late else 0)
    _record("shift.checked_in", shift, actor, at, {"minutes_late": came.minutes_late})
    return came


@transaction.atomic
def check_out(*, shift_id: int, actor: Staff, at: dt.datetime) -> Attendance:
    """This will note that the person of a shift leaves: the hours there end. Raises PostRefused."""
    shift = _own(shift_id, actor)
    came = Attendance.objects.select_for_update().filter(shift=shift).first()
    if came is None:
        raise PostRefused(_("Check in first."))
    if came.out_at is not None:
        raise PostRefused(str(SENTENCES["attendance_stays"]))
    came.out_at = at
    with in_words():
        came.save(update_fields=["out_at"])
    minutes = int((at - came.in_at) / _MINUTE)
    _record("shift.checked_out", shift, actor, at, {"minutes": minutes})
    return came


@transaction.atomic
def count_one(
    *, shift_id: int, kind: str, step: int, after: int, actor: Staff, at: dt.datetime
) -> ShiftCount:
    """This will count one more, or one less, at a shift; `after` is the last step that the person
    saw, so that a tap that is sent twice counts once. Raises PostRefused."""
    shift = _own(shift_id, actor)
    last = shift.counts.aggregate(last=Max("number"))["last"] or 0
    if last != after:
        raise PostRefused(str(SENTENCES["shift_count_follows"]), "shift_count_follows")
    with in_words():
        return ShiftCount.objects.create(shift=shift, number=after + 1, kind=kind, step=step, at=at)


@transaction.atomic
def tick_task(
    *, shift_id: int, place: int, is_done: bool, actor: Staff, at: dt.datetime
) -> ShiftTask:
    """This will note that a task of a shift was done, or was not after all. Raises PostRefused."""
    shift = _own(shift_id, actor)
    came = Attendance.objects.select_for_update().filter(shift=shift, out_at=None)
    if not came.exists():
        raise PostRefused(str(SENTENCES["shift_count_while_there"]))
    task = shift.tasks.get(place=place)
    task.done_at = at if is_done else None
    task.save(update_fields=["done_at"])
    return task


def close_forgotten(*, at: dt.datetime) -> int:
    """This will close the attendances whose check-out was forgotten, at the planned end of their
    shifts, say so, and return how many those were. It is safe to repeat."""
    closed = 0
    for key in queries.forgotten(at=at):
        with transaction.atomic():
            rows = Attendance.objects.select_for_update(of=("self",), skip_locked=True)
            came = rows.select_related("shift__post").filter(pk=key, out_at=None).first()
            if came is None:
                continue
            came.out_at = max(came.in_at, came.shift.ends_at)
            came.is_closed_by_clock = True
            came.save(update_fields=["out_at", "is_closed_by_clock"])
            _record("shift.closed_by_clock", came.shift, None, at, {"until": str(came.out_at)})
            closed += 1
    return closed


def _own(shift_id: int, actor: Staff) -> Shift:
    shift = Shift.objects.select_related("post").get(pk=shift_id)
    if not stands_there(actor, shift):
        raise PostRefused(_("Only the person of the shift does this."))
    return shift


def _record(
    action: str, shift: Shift, actor: Staff | None, at: dt.datetime, more: dict[str, object]
) -> None:
    changes = {"post": shift.post.number, "day": str(shift.on_date), **more}
    audit.record(action=action, actor=actor, at=at, target=shift, changes=changes)
