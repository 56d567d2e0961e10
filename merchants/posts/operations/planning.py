"""Who stands where and when: shifts are planned and cancelled."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.posts import queries
from merchants.posts.access import may_plan
from merchants.posts.enums import ShiftState
from merchants.posts.models import Post, Shift, ShiftTask
from merchants.posts.operations.refusing import PostRefused, in_words
from portal.audit import operations as audit
from portal.kit import clock, masking
from portal.staff.enums import Permission
from portal.staff.models import Staff


@transaction.atomic
def plan_shift(
    *,
    post: Post,
    staff: Staff,
    on: dt.date,
    starts: dt.time,
    ends: dt.time,
    seat: int | None,
    actor: Staff,
    at: dt.datetime,
) -> Shift:
    """This will plan a person's shift at a post, on a seat or, where none is said, on the first
    that is free, with the tasks of the post. Raises PostRefused with what stands against it."""
    if not may_plan(actor, post):
        raise PostRefused(_("This post is planned by others; you may read it."))
    if not staff.may(Permission.STAND_AT_POSTS):
        raise PostRefused(_("{name} has no role that stands at posts.").format(name=staff.label))
    begins, over = clock.at_time(on, starts), clock.at_time(on, ends)
    if over <= at:
        raise PostRefused(_("This time has passed; plan from now on."))
    chosen = seat or queries.free_seat(post=post, starts=begins, ends=over)
    try:
        with in_words():
            shift = Shift.objects.create(
                number=f"R-{uuid.uuid4().hex[:16]}", post=post, staff=staff, seat=chosen,
                on_date=on, starts_at=begins, ends_at=over, planned_by=actor,
            )  # fmt: skip
    except PostRefused as refused:
        raise _told_more(refused, post, staff, begins, over, chosen) from refused
    ShiftTask.objects.bulk_create(
        ShiftTask(shift=shift, place=place, words=words)
        for place, words in enumerate(post.duties, start=1)
    )
    _record("shift.planned", shift, actor, at)
    return shift


@transaction.atomic
def cancel_shift(*, shift_id: int, why: str, actor: Staff, at: dt.datetime) -> Shift:
    """This will cancel a shift to which nobody checked in, with a reason. Raises PostRefused."""
    rows = Shift.objects.select_for_update(of=("self",))
    shift = rows.select_related("post__store__merchant", "post__branch").get(pk=shift_id)
    if not may_plan(actor, shift.post):
        raise PostRefused(_("This post is planned by others; you may read it."))
    said = masking.mask_text(why.strip())
    if not said:
        raise PostRefused(_("Say why it is cancelled; the person reads it."))
    shift.state, shift.cancelled_by, shift.cancelled_at = ShiftState.CANCELLED, actor, at
    shift.cancelled_why = said
    with in_words():
        shift.save(update_fields=["state", "cancelled_by", "cancelled_at", "cancelled_why"])
    _record("shift.cancelled", shift, actor, at, said)
    return shift


def _told_more(
    refused: PostRefused, post: Post, staff: Staff, starts: dt.datetime, ends: dt.datetime,
    seat: int,
) -> PostRefused:  # fmt: skip
    """The refusal with whom or where, where another shift stands against it."""
    if refused.rule == "shift_staff_once":
        found = queries.shifts_between(starts=starts, ends=ends).filter(staff=staff).first()
        if found is not None:
            sentence = _("{name} stands at {post} from {hours} already.")
            return PostRefused(
                sentence.format(name=staff.label, post=found.post.label, hours=found.hours),
                refused.rule,
            )
    if refused.rule == "shift_seat_once":
        rows = queries.shifts_between(starts=starts, ends=ends)
        found = rows.filter(post=post, seat=seat).first()
        if found is not None:
            sentence = _("{name} has seat {seat} from {hours} already; choose another one.")
            return PostRefused(
                sentence.format(name=found.staff.label, seat=seat, hours=found.hours), refused.rule
            )
    return refused


def _record(action: str, shift: Shift, actor: Staff, at: dt.datetime, reason: str = "") -> None:
    changes = {
        "post": shift.post.number, "staff": shift.staff_id, "day": str(shift.on_date),
        "hours": shift.hours, "seat": shift.seat,
    }  # fmt: skip
    audit.record(action=action, actor=actor, at=at, target=shift, reason=reason, changes=changes)
