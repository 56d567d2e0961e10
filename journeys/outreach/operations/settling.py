"""Messages whose hand-over has no known end: asked about, never blindly sent again."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from journeys.outreach import rules
from journeys.outreach.enums import Failure, FailureKind, Found, MessageState
from journeys.outreach.models import Message
from journeys.outreach.operations import halting
from journeys.outreach.operations.requesting import request_sending
from portal.audit import operations as audit
from portal.staff.models import Staff

_EXPIRE = """
UPDATE journeys_message
SET state = 'in_doubt', lease_until = NULL, not_before = %(at)s, failure = %(failure)s
WHERE id IN (
    SELECT id FROM journeys_message
    WHERE state = 'sending' AND lease_until < %(over)s FOR UPDATE SKIP LOCKED
)
"""
# Whoever asks moves the next question ahead, so that no two processes ask at once and the answer
# can be written only while nobody else has touched the row.
_TAKE_UP = """
UPDATE journeys_message SET not_before = %(again)s
WHERE id IN (
    SELECT id FROM journeys_message WHERE state = 'in_doubt' AND not_before <= %(at)s
    ORDER BY not_before, id LIMIT %(size)s FOR UPDATE SKIP LOCKED
)
RETURNING id, channel, dedup_key, attempts
"""
_SETTLE = """
UPDATE journeys_message
SET state = %(state)s, sent_at = %(sent_at)s, not_before = %(at)s,
    failure_kind = %(failure_kind)s, failure = %(failure)s
WHERE id = %(id)s AND state = 'in_doubt' AND not_before = %(again)s
"""
_ASK_AGAIN_AFTER = dt.timedelta(minutes=1)


class NotSettleable(Exception):
    """Raised when a message is neither in doubt nor set aside."""


def expire_leases(*, at: dt.datetime) -> int:
    """This will put messages in doubt whose worker let both the lease and the longest hand-over
    pass: from then on nobody can still be handing them over."""
    over = at - dt.timedelta(seconds=settings.OUTBOX_HAND_OVER_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRE, {"at": at, "over": over, "failure": Failure.WORKER_LOST})
        return cursor.rowcount


def settle_in_doubt(
    *, find: Callable[[str, str], Found], at: dt.datetime, size: int = 100
) -> dict[str, int]:
    """This will ask the gateways about messages in doubt; `find(channel, key)` asks.

    What the gateway has is sent; what it never received waits to be sent again, or is set aside
    after too many tries. Where it cannot tell, the message stays in doubt for a person, and is
    asked about again a minute later. Returns how many were found, by what was found.
    """
    again = at + _ASK_AGAIN_AFTER
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_UP, {"at": at, "again": again, "size": size})
        taken = cursor.fetchall()
    counts = dict.fromkeys(Found, 0)
    for message_id, channel, dedup_key, attempts in taken:
        found = find(channel, rules.message_key(message_id, dedup_key))
        counts[found] += 1
        if found != Found.UNKNOWN:
            _settle(message_id, found, attempts, again, at)
    if counts[Found.SENT] or counts[Found.ABSENT]:
        audit.record(
            action="outbox.doubt_settled",
            actor=None,
            at=at,
            changes={found.value: number for found, number in counts.items()},
        )
    return {found.value: number for found, number in counts.items()}


def _settle(
    message_id: int, found: Found, attempts: int, again: dt.datetime, at: dt.datetime
) -> None:
    values: dict[str, Any] = {"id": message_id, "again": again, "at": at, "sent_at": None}
    if found == Found.SENT:
        values |= {"state": MessageState.SENT, "sent_at": at, "failure_kind": "", "failure": ""}
    else:
        is_last = attempts >= rules.MAX_ATTEMPTS
        values |= {
            "state": MessageState.PARKED if is_last else MessageState.QUEUED,
            "failure_kind": FailureKind.TEMPORARY,
            "failure": Failure.NEVER_ARRIVED,
        }
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, values)


@transaction.atomic
def mark_as_sent(*, message_id: int, actor: Staff, reason: str, at: dt.datetime) -> Message:
    """This will settle a message in doubt as sent, on a person's word. Raises NotSettleable."""
    message = _lock(message_id, {MessageState.IN_DOUBT})
    message.state, message.sent_at = MessageState.SENT, at
    message.failure_kind = message.failure = ""
    message.save()
    audit.record(action="outbox.marked_as_sent", actor=actor, at=at, target=message, reason=reason)
    return message


@transaction.atomic
def send_again(*, message_id: int, actor: Staff, reason: str, at: dt.datetime) -> Message:
    """This will queue a message again that is in doubt or set aside, on a person's word. It passes
    the gate once more before it goes. Raises NotSettleable."""
    message = _lock(message_id, {MessageState.IN_DOUBT, MessageState.PARKED})
    message.state, message.not_before, message.attempts = MessageState.QUEUED, at, 0
    message.failure_kind = message.failure = ""
    message.save()
    audit.record(action="outbox.sent_again", actor=actor, at=at, target=message, reason=reason)
    return message


@transaction.atomic
def send_all_again(
    *, origin: str, actor: Staff, reason: str, at: dt.datetime, failure: str = ""
) -> int:
    """This will queue the messages of an origin again that were set aside, all or those of one
    cause, on a person's word, and return how many these were. Each passes the gate once more
    before it goes. What is in doubt is left alone: about each of those a person must know. Raises
    halting.NotHaltable where the origin was stopped."""
    halting.refuse_stopped(origin)
    rows = Message.objects.filter(origin=origin, state=MessageState.PARKED)
    if failure:
        rows = rows.filter(Q(failure=failure) | Q(failure__startswith=f"{failure}: "))
    ids = list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    number = Message.objects.filter(pk__in=ids).update(
        state=MessageState.QUEUED, not_before=at, attempts=0, failure_kind="", failure=""
    )
    audit.record(
        action="outbox.all_sent_again",
        actor=actor,
        at=at,
        reason=reason,
        changes={"origin": origin, "messages": number, "failure": failure},
    )
    transaction.on_commit(request_sending)
    return number


def _lock(message_id: int, states: set[MessageState]) -> Message:
    message = Message.objects.select_for_update(of=("self",)).get(pk=message_id)
    if message.state not in states:
        raise NotSettleable(f"Message {message_id} is {message.get_state_display()}.")
    return message
