"""Cancelling messages that nobody has taken in hand yet, and calls that nobody is on; whoever is on
one is told."""

import datetime as dt
from typing import Any

from django.db import connection

from journeys.outreach import rules
from journeys.outreach.enums import Failure, FailureKind
from journeys.outreach.operations import ending
from portal.kit.outgoing import Unsent
from portal.kit.registry import registry

_CANCEL = """
UPDATE journeys_message
SET state = 'cancelled', failure_kind = 'policy', failure = %(failure)s
WHERE id IN (
    SELECT message.id FROM journeys_message AS message {which}
    AND message.state IN ('queued', 'held', 'parked') ORDER BY message.id FOR UPDATE OF message
)
RETURNING customer_id, dedup_key, channel
"""
# What somebody else has locked is left to whoever asks again.
_CALLS = """
SELECT message.id, message.dedup_key FROM journeys_message AS message {which}
AND message.state = 'sent' AND message.channel = 'phone' AND EXISTS (
    SELECT FROM ({open_calls}) AS call WHERE call.message_id = message.id)
ORDER BY message.id FOR UPDATE OF message SKIP LOCKED
"""
_CANCEL_CALLS = """
UPDATE journeys_message
SET state = 'cancelled', sent_at = NULL, failure_kind = 'policy', failure = %(failure)s
WHERE id = ANY(%(calls)s) RETURNING customer_id, dedup_key, channel
"""


def cancel(
    which: str, values: dict[str, Any], *, failure: Failure, at: dt.datetime
) -> list[tuple[int, str]]:
    """This will cancel the messages that still wait or are set aside, of those that `which` names
    (SQL that goes on after the table `message`, up to a condition, with its `values`), end them
    with their contacts, and return their causes. What a worker holds at this instant is not called
    back. A message that became a call which waits in the pool is cancelled like one that waits, and
    the call taken out; one that somebody is on is not, and says that it is not to be begun.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CANCEL.format(which=which), {**values, "failure": failure})
        rows = cursor.fetchall() + _cancel_calls(cursor, which, {**values, "failure": failure}, at)
    kind = FailureKind.POLICY.value
    over = [Unsent(customer, key, channel, kind, failure.value) for customer, key, channel in rows]
    ending.end(over=over, at=at)
    return [(one.customer_id, one.dedup_key) for one in over]


def _cancel_calls(
    cursor: Any, which: str, values: dict[str, Any], at: dt.datetime
) -> list[tuple[int, str, str]]:
    pool = registry.pool
    if pool is None:
        return []
    cursor.execute(_CALLS.format(which=which, open_calls=pool.open_calls), values)
    keys = {rules.message_key(number, key): number for number, key in cursor.fetchall()}
    if not keys:
        return []
    gone = pool.take_back(sorted(keys), at)
    pool.tell_left(sorted(keys.keys() - gone), at)
    if not gone:
        return []
    cursor.execute(_CANCEL_CALLS, {**values, "calls": [keys[key] for key in sorted(gone)]})
    return list(cursor.fetchall())
