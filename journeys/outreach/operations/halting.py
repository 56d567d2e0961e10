"""Pausing, resuming and stopping what is sent of an origin: rows that bind the very next claim."""

import datetime as dt
from collections.abc import Collection

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from journeys.outreach.enums import Failure, HaltKind
from journeys.outreach.models import OriginHalt
from journeys.outreach.operations import cancelling
from journeys.outreach.operations.requesting import request_sending
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
_TAKE_UP_AGAIN = """
UPDATE journeys_message SET state = 'queued' WHERE origin = %s AND state = 'held'
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


@transaction.atomic
def resume_origin(*, origin: str, reason: str, actor: Staff, at: dt.datetime) -> int:
    """This will end a pause and return how many messages wait for their turn again; each passes
    the gate once more before it goes. Raises NotHaltable."""
    if not reason.strip():
        raise NotHaltable(_("Give a reason: it stays in the audit trail."))
    halt = _open_halt(origin)
    if halt is None or halt.is_stop:
        raise NotHaltable(_("The sending is not paused."))
    halt.ended_at, halt.ended_by = max(at, halt.halted_at), actor
    halt.save(update_fields=["ended_at", "ended_by"])
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_UP_AGAIN, [origin])
        number = cursor.rowcount
    audit.record(
        action="outbox.resumed",
        actor=actor,
        at=at,
        reason=reason.strip(),
        changes={"origin": origin, "messages": number},
    )
    transaction.on_commit(request_sending)
    return number


@transaction.atomic
def stop_origin(*, origin: str, reason: str, actor: Staff, at: dt.datetime) -> int:
    """This will stop an origin for good: what waits or is set aside is cancelled, and how many
    these were is returned; what is queued later is cancelled at its turn. A pause ends with it.
    What a worker holds at this instant is not called back. Raises NotHaltable.
    """
    paused = _open_halt(origin)
    if paused is not None and not paused.is_stop:
        paused.ended_at, paused.ended_by = max(at, paused.halted_at), actor
        paused.save(update_fields=["ended_at", "ended_by"])
    halt = _halt(origin, HaltKind.STOP, reason, actor, at)
    causes = cancelling.cancel(
        "WHERE message.origin = %(origin)s", {"origin": origin}, failure=Failure.CALLED_OFF, at=at
    )
    audit.record(
        action="outbox.stopped",
        actor=actor,
        at=at,
        reason=halt.reason,
        changes={"origin": origin, "messages": len(causes)},
    )
    return len(causes)


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
