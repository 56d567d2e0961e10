"""What the gate says of messages that compete with others of the same person; see decision 0125.

A contact that is kept for a message which waits behind another does not count for that other.
"""

import datetime as dt
from collections.abc import Callable, Sequence

from django.db import connection

from journeys.contact import queries as gate
from journeys.contact.enums import GateAnswer
from journeys.contact.rules import GateVerdict
from journeys.outreach.enums import WAITING_SQL

_WAITING_BEHIND = """
    SELECT FROM journeys_message AS waiting {own}
    WHERE waiting.customer_id = made.customer_id AND waiting.dedup_key = made.dedup_key
      AND waiting.state IN {states} AND {behind}
"""
# Contacts that do not count for a message of the priority `priority` that is yet to be written ...
_BEHIND_A_NEW_ONE = "EXISTS ({})".format(
    _WAITING_BEHIND.format(own="", states=WAITING_SQL, behind="waiting.priority > %(priority)s")
)
# ... and for one that asks again, at `weighed_at`.
BEHIND = "EXISTS ({})".format(
    _WAITING_BEHIND.format(
        own="JOIN journeys_message AS own"
        " ON own.customer_id = {ask}.customer_id AND own.dedup_key = {ask}.dedup_key",
        states=WAITING_SQL,
        behind="""(waiting.priority > own.priority
            OR waiting.priority = own.priority AND waiting.not_before <= %(weighed_at)s
               AND (waiting.not_before, waiting.id) > (own.not_before, own.id))""",
    )
)
_HAVE_ROOM = f"""
SELECT DISTINCT customer_id FROM journeys_message
WHERE customer_id = ANY(%(ids)s) AND state IN {WAITING_SQL} AND purpose <> 'service'
  AND priority > %(priority)s ORDER BY customer_id
"""
Asking = Callable[[Sequence[int], str], list[GateVerdict]]


def ask_by_priority(
    ask: Asking, *, customer_ids: Sequence[int], priority: int
) -> list[GateVerdict]:
    """This will ask the gate about new messages of `priority`, one to each of these customers: whom
    the caps hold back is asked about once more, as if nothing of lower priority waited.

    `ask` puts the question about some customers; what does not count for it, "" where everything
    does, is what the gate calls `spares`, with the value `priority`. Who also writes does it there:
    so a message that is queued and one that is only thought of have the same answer.
    """
    verdicts = ask(customer_ids, "")
    full = [one.customer_id for one in verdicts if one.answer == GateAnswer.CAP_REACHED]
    people = _who_have_room(full, priority) if full else []
    if not people:
        return verdicts
    found = {one.customer_id: one for one in ask(people, _BEHIND_A_NEW_ONE)}
    return [found.get(one.customer_id, one) for one in verdicts]


def ask_about_new(
    *,
    customer_ids: Sequence[int],
    purpose: str,
    channels: Sequence[str],
    dedup_key: str,
    priority: int,
    at: dt.datetime,
) -> list[GateVerdict]:
    """This will tell whom `queue_messages` would let through if it were asked at this instant.
    Nothing is written."""

    def ask(people: Sequence[int], spares: str) -> list[GateVerdict]:
        return gate.ask_gate(
            customer_ids=people, purpose=purpose, channels=channels, dedup_key=dedup_key, at=at,
            spares=spares, spared={"priority": priority},
        )  # fmt: skip

    return ask_by_priority(ask, customer_ids=customer_ids, priority=priority)


def _who_have_room(customer_ids: Sequence[int], priority: int) -> list[int]:
    """For which customers something waits that a message of `priority` comes before."""
    with connection.cursor() as cursor:
        cursor.execute(_HAVE_ROOM, {"ids": list(customer_ids), "priority": priority})
        return [row[0] for row in cursor.fetchall()]
