"""Calling off what waits of origins that were stopped.

A row says so, written with the stop itself; what waits is cancelled after it, batch by batch, by
whoever comes: a batch stands alone, so what breaks off is carried on. Until it is cancelled, the
claim passes over it. Calls come first: people are on the telephone. Nobody is waited for, so that
no two can wait in a ring: what somebody else has locked is cancelled by the next batch.
"""

import datetime as dt
import logging
from collections.abc import Sequence
from typing import Any

from django.db import DatabaseError, connection, transaction

from journeys.outreach.enums import Failure
from journeys.outreach.models import CallingOff
from journeys.outreach.operations import cancelling
from journeys.outreach.operations.requesting import request_following
from portal.audit import operations as audit
from portal.kit import masking
from portal.kit.registry import registry
from portal.staff.models import Staff

logger = logging.getLogger(__name__)
BATCH = 5_000
_CALLS = """
SELECT message.id FROM ({open_calls}) AS call
JOIN journeys_message AS message ON message.id = call.message_id
WHERE call.message_id > %(after)s AND message.origin = %(origin)s
  AND message.state = 'sent' AND message.channel = 'phone'
ORDER BY message.id LIMIT %(size)s
"""
_WAITS = "origin = %(origin)s AND state IN ('queued', 'held', 'parked')"
_TAKE = f"SELECT id FROM journeys_message WHERE {_WAITS} LIMIT %(size)s FOR UPDATE SKIP LOCKED"
_IS_LEFT = f"SELECT EXISTS (SELECT FROM journeys_message WHERE {_WAITS})"
_REASON_LENGTH: int = CallingOff._meta.get_field("reason").max_length or 0


def begin_calling_off(
    *, origins: Sequence[str], reason: str, actor: Staff | None, at: dt.datetime
) -> None:
    """This will have what waits of these origins cancelled, from the caller's commit on; where one
    is being called off already, that goes on. The caller begins with it then
    (`call_off_at_once`)."""
    words = masking.mask_text(reason.strip())[:_REASON_LENGTH]
    CallingOff.objects.bulk_create(
        [
            CallingOff(origin=origin, reason=words, asked_by=actor, asked_at=at)
            for origin in origins
        ],
        ignore_conflicts=True,
    )


def call_off_at_once(*, origins: Sequence[str], at: dt.datetime) -> int:
    """This will cancel a first batch of each of these origins, ask the workers for the rest, and
    return how many messages were cancelled."""
    rows = CallingOff.objects.filter(origin__in=origins, done_at=None).order_by("pk")
    number = 0
    for pk in list(rows.values_list("pk", flat=True)):
        number += call_off_some(row_id=pk, at=at)[1]
    if rows.exists():
        transaction.on_commit(request_following)
    return number


def call_off_some(*, row_id: int, at: dt.datetime) -> tuple[int, int]:
    """This will look at the next batch, and return how many messages that were, and how many of
    them were cancelled; none where no more are left, or somebody else is at it."""
    try:
        with transaction.atomic():
            return _call_off_some(row_id, at)
    except DatabaseError:
        # The stop holds all the same, other origins go on, and the clock comes back to this one.
        logger.exception("A batch that is called off broke off")
        return 0, 0


def _call_off_some(row_id: int, at: dt.datetime) -> tuple[int, int]:
    rows = CallingOff.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    row = rows.filter(pk=row_id, done_at=None).first()
    if row is None:
        return 0, 0
    with connection.cursor() as cursor:
        calls = _calls(cursor, row)
        ids = calls if len(calls) == BATCH else calls + _ids(cursor, _TAKE, {"origin": row.origin})
    row.calls_after = calls[-1] if len(calls) == BATCH else None
    gone = cancelling.cancel(
        "WHERE message.id = ANY(%(ids)s)", {"ids": ids}, failure=Failure.CALLED_OFF, at=at
    )
    row.messages += len(gone)
    if row.calls_after is None and not _is_left(row.origin):
        row.done_at = max(at, row.asked_at)
        changes = {"origin": row.origin, "messages": row.messages}
        audit.record(
            action="outbox.called_off", actor=row.asked_by, at=at, reason=row.reason,
            changes=changes,
        )  # fmt: skip
    row.save(update_fields=["calls_after", "messages", "done_at"])
    return len(ids), len(gone)


def _calls(cursor: Any, row: CallingOff) -> list[int]:
    """The next calls, be they waiting in the pool or in somebody's hands."""
    if row.calls_after is None or registry.pool is None:
        return []
    asked = _CALLS.format(open_calls=registry.pool.open_calls)
    return _ids(cursor, asked, {"origin": row.origin, "after": row.calls_after})


def _ids(cursor: Any, statement: str, values: dict[str, Any]) -> list[int]:
    cursor.execute(statement, {**values, "size": BATCH})
    return [pk for (pk,) in cursor.fetchall()]


def _is_left(origin: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_IS_LEFT, {"origin": origin})
        return bool(cursor.fetchone()[0])
