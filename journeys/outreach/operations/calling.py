"""Calls that somebody is on: what became of their cause is told there."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from journeys.outreach import rules
from portal.kit.registry import registry

# Messages before leads; what somebody else has locked is told by him, or at the next turn.
_SENT = """
SELECT message.id, message.dedup_key FROM journeys_message AS message
JOIN unnest(%(ids)s::bigint[], %(keys)s::text[]) AS named(customer_id, dedup_key)
    USING (customer_id, dedup_key)
WHERE message.state = 'sent' AND message.channel = 'phone'
ORDER BY message.id FOR UPDATE OF message SKIP LOCKED
"""


@transaction.atomic
def tell_callers(*, causes: Sequence[tuple[int, str]], at: dt.datetime) -> int:
    """This will tell whoever is on the calls of these messages (customer id, dedup key) that the
    person is out of the plan that asked for them, and return how many calls did not say so yet.
    Those that are over are left alone."""
    if registry.pool is None or not causes:
        return 0
    values: dict[str, Any] = {"ids": [one[0] for one in causes], "keys": [one[1] for one in causes]}
    with connection.cursor() as cursor:
        cursor.execute(_SENT, values)
        keys = sorted(rules.message_key(number, key) for number, key in cursor.fetchall())
    return registry.pool.tell_left(keys, at) if keys else 0
