"""Reading which messages are calls that are not over."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection

from portal.kit.registry import registry

_OF_TURN = """
SELECT message.customer_id, message.dedup_key
FROM ({open_calls}) AS call JOIN journeys_message AS message ON message.id = call.message_id
WHERE call.turn = %(turn)s AND (call.before IS NULL OR call.before > %(at)s)
  AND message.state = 'sent' AND message.channel = 'phone'
  AND starts_with(message.dedup_key, %(prefix)s)
ORDER BY message.id
"""
_NOT_CALLED_YET = """
SELECT customer_id, dedup_key FROM journeys_message AS message
JOIN unnest(%(ids)s::bigint[], %(keys)s::text[]) AS named(customer_id, dedup_key)
    USING (customer_id, dedup_key)
WHERE message.state IN ('queued', 'held', 'parked', 'sending', 'in_doubt')
   OR message.state = 'sent' AND message.channel = 'phone' AND EXISTS (
        SELECT FROM ({open_calls}) AS call WHERE call.message_id = message.id AND call.is_free)
"""


def calls_of_turn(*, turn: int, prefix: str, at: dt.datetime) -> list[tuple[int, str]]:
    """This will list the causes of the calls that are not over, of the kind that `prefix` begins,
    whose turn it is: one sixtieth of them, told by the id of the message."""
    if registry.pool is None:
        return []
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"turn": turn, "prefix": prefix, "at": at}
        cursor.execute(_OF_TURN.format(open_calls=registry.pool.open_calls), values)
        return list(cursor.fetchall())


def not_called_yet(causes: Sequence[tuple[int, str]]) -> set[tuple[int, str]]:
    """This will tell which of these messages (customer id, dedup key) may still become a call that
    nobody is on: they wait, a worker holds them, or their call is free in the pool."""
    if registry.pool is None or not causes:
        return set()
    values: dict[str, Any] = {"ids": [one[0] for one in causes], "keys": [one[1] for one in causes]}
    with connection.cursor() as cursor:
        cursor.execute(_NOT_CALLED_YET.format(open_calls=registry.pool.open_calls), values)
        return set(cursor.fetchall())
