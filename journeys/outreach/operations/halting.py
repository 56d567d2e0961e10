"""Pausing, resuming and stopping what is sent of an origin: rows that bind the very next claim,
each written by a short transaction of its own. What follows from it for a million messages is done
after it, batch by batch."""

import datetime as dt
import time
from collections.abc import Callable, Collection

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from journeys.outreach.enums import HaltKind, MessageState
from journeys.outreach.models import CallingOff, Message, OriginHalt
from journeys.outreach.operations import calling_off
from journeys.outreach.operations.requesting import request_following, request_sending
from journeys.outreach.queries.naming import EACH_ORIGIN
from portal.audit import operations as audit
from portal.kit import masking
from portal.kit.registry import registry
from portal.staff.models import Staff

# A resumption waits for the claims that have read its pause, and finds what they set aside.
_HALTED = """
SELECT origin, kind FROM journeys_originhalt WHERE origin = ANY(%s) AND ended_at IS NULL
ORDER BY id FOR SHARE
"""
# What stands before everything else would be met by each claim: it is set aside by the thousand.
_SET_ASIDE = """
UPDATE journeys_message SET state = 'held'
WHERE id IN (
    SELECT id FROM journeys_message WHERE origin = ANY(%(origins)s) AND state = 'queued'
    LIMIT %(size)s FOR UPDATE SKIP LOCKED
)
"""
# What was paused anew meanwhile is set aside again by the claims.
# Picked once, whatever the plan: a limit within IN may be asked again for each row.
_TAKE_UP_AGAIN = """
WITH picked AS MATERIALIZED (
    SELECT id FROM journeys_message WHERE origin = %(origin)s AND state = 'held'
    LIMIT %(size)s FOR UPDATE SKIP LOCKED
)
UPDATE journeys_message SET state = 'queued'
WHERE id IN (SELECT id FROM picked) AND NOT EXISTS (
    SELECT FROM journeys_originhalt WHERE origin = %(origin)s AND ended_at IS NULL)
"""
_RESUMED = f"""
{EACH_ORIGIN}SELECT origin FROM each WHERE EXISTS (
    SELECT FROM journeys_message AS message
    WHERE message.origin = each.origin AND message.state = 'held'
) AND NOT EXISTS (
    SELECT FROM journeys_originhalt AS halt WHERE halt.origin = each.origin AND ended_at IS NULL)
ORDER BY origin
"""
_AT_ONCE = 10_000
_REASON_LENGTH: int = OriginHalt._meta.get_field("reason").max_length or 0


class NotHaltable(Exception):
    """Raised when an origin is halted already, or not at all, or no reason is given; its text is a
    sentence for a person."""


@transaction.atomic
def pause_origin(*, origin: str, reason: str, actor: Staff, at: dt.datetime) -> OriginHalt:
    """This will pause what is sent of an origin: it keeps waiting, and so does what is queued from
    now on. What a worker holds at this instant is not called back. Raises NotHaltable."""
    halt = _halt(origin, HaltKind.PAUSE, reason, actor, at)
    audit.record(
        action="outbox.paused", actor=actor, at=at, reason=halt.reason, changes={"origin": origin}
    )
    return halt


def resume_origin(*, origin: str, reason: str, actor: Staff, at: dt.datetime) -> int:
    """This will end a pause and return how many messages were set aside by it: they wait for their
    turn again, some thousands at once and the others soon (`follow_halts`). Each passes the gate
    once more before it goes. Raises NotHaltable."""
    if not reason.strip():
        raise NotHaltable(_("Give a reason: it stays in the audit trail."))
    with transaction.atomic():
        halt = _open_halt(origin)
        if halt is None or halt.is_stop:
            raise NotHaltable(_("The sending is not paused."))
        refuse_stopped(origin)
        halt.ended_at, halt.ended_by = max(at, halt.halted_at), actor
        halt.save(update_fields=["ended_at", "ended_by"])
        number = Message.objects.filter(origin=origin, state=MessageState.HELD).count()
        audit.record(
            action="outbox.resumed",
            actor=actor,
            at=at,
            reason=reason.strip(),
            changes={"origin": origin, "messages": number},
        )
        transaction.on_commit(request_sending)
        if number > _AT_ONCE:
            transaction.on_commit(request_following)
    _take_up_again(origin)
    return number


def stop_origin(*, origin: str, reason: str, actor: Staff, at: dt.datetime) -> int:
    """This will stop an origin for good, and a pause of it ends: from then on nothing of it is
    sent. What waits or is set aside is cancelled after that, a first batch at once, and the others
    soon (`follow_halts`); how many were at once is returned. What is queued later is cancelled at
    its turn. What a worker holds at this instant is not called back. Raises NotHaltable.
    """
    with transaction.atomic():
        paused = _open_halt(origin)
        if paused is not None and not paused.is_stop:
            paused.ended_at, paused.ended_by = max(at, paused.halted_at), actor
            paused.save(update_fields=["ended_at", "ended_by"])
        halt = _halt(origin, HaltKind.STOP, reason, actor, at)
        audit.record(
            action="outbox.stopped", actor=actor, at=at, reason=halt.reason,
            changes={"origin": origin},
        )  # fmt: skip
        calling_off.begin_calling_off(origins=[origin], reason=halt.reason, actor=actor, at=at)
    return calling_off.call_off_at_once(origins=[origin], at=at)


def follow_halts(*, clock: Callable[[], dt.datetime], seconds: float) -> int:
    """This will cancel what waits of what was stopped, and take up again what was set aside by
    pauses that ended, until there is no more, or `seconds` have passed; it returns how many
    messages that were. Several may do so at once."""
    end = time.monotonic() + seconds
    total = 0
    while time.monotonic() < end:
        rows = CallingOff.objects.filter(done_at=None).order_by("pk")
        looked_at = 0
        for pk in list(rows.values_list("pk", flat=True)):
            looked, gone = calling_off.call_off_some(row_id=pk, at=clock())
            looked_at, total = looked_at + looked, total + gone
        for origin in _resumed():
            taken = _take_up_again(origin)
            looked_at, total = looked_at + taken, total + taken
        if not looked_at:
            return total
    request_following()
    return total


def is_stopped(origin: str) -> bool:
    """This will tell whether nothing of an origin may be sent any more: it was stopped for good, or
    what it sends for was."""
    stops = OriginHalt.objects.filter(origin=origin, ended_at=None, kind=HaltKind.STOP)
    return stops.exists() or bool(called_off([origin]))


def refuse_stopped(origin: str) -> None:
    """This will refuse whatever would have something of a stopped origin sent. Raises
    NotHaltable."""
    if is_stopped(origin):
        raise NotHaltable(
            _("It was stopped: what waits of it is cancelled, and nothing is sent (again).")
        )


def halted_among(origins: Collection[str]) -> dict[str, str]:
    """This will tell which of these origins are halted, and how, and let no pause end until the
    transaction does."""
    with connection.cursor() as cursor:
        cursor.execute(_HALTED, [sorted(origins)])
        return dict(cursor.fetchall())


def called_off(origins: Collection[str]) -> set[str]:
    """This will tell which of these origins may not be sent any more. Asked although a stop cancels
    what waits: a message that was being sent at that moment, or was in doubt, may have come back
    since. A stop that commits after this answer waits for the rows held by the asker, and finds
    them being sent."""
    asked = sorted(origins)
    return {origin for found_by in registry.calls_off for origin in found_by(asked)}


def set_aside(origins: Collection[str]) -> None:
    """This will set aside what waits of paused origins, some thousands at once; the caller has
    their pauses locked."""
    if not origins:
        return
    with connection.cursor() as cursor:
        cursor.execute(_SET_ASIDE, {"origins": sorted(origins), "size": _AT_ONCE})


def _resumed() -> list[str]:
    """The origins of which something is set aside without a pause."""
    with connection.cursor() as cursor:
        cursor.execute(_RESUMED)
        return [origin for (origin,) in cursor.fetchall()]


def _take_up_again(origin: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_UP_AGAIN, {"origin": origin, "size": _AT_ONCE})
        return int(cursor.rowcount)


def _open_halt(origin: str) -> OriginHalt | None:
    rows = OriginHalt.objects.select_for_update(of=("self",))
    return rows.filter(origin=origin, ended_at=None).first()


def _halt(origin: str, kind: HaltKind, reason: str, actor: Staff, at: dt.datetime) -> OriginHalt:
    if not reason.strip():
        raise NotHaltable(_("Give a reason: it stays in the audit trail."))
    # An address may be longer under its mask.
    masked = masking.mask_text(reason.strip())[:_REASON_LENGTH]
    try:
        with transaction.atomic():
            return OriginHalt.objects.create(
                origin=origin, kind=kind, reason=masked, halted_by=actor, halted_at=at
            )
    except IntegrityError as second:
        raise NotHaltable(_("The sending is paused or stopped already.")) from second
