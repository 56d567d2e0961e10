"""Cancelling messages that nobody has taken in hand yet."""

import datetime as dt
from typing import Any

from django.db import connection

from journeys.contact import operations as contact
from journeys.outreach.enums import Failure

_CANCEL = """
UPDATE journeys_message
SET state = 'cancelled', failure_kind = 'policy', failure = %(failure)s
WHERE id IN (
    SELECT message.id FROM journeys_message AS message {which}
    AND message.state IN ('queued', 'held', 'parked') ORDER BY message.id FOR UPDATE OF message
)
RETURNING customer_id, dedup_key
"""


def cancel(
    which: str, values: dict[str, Any], *, failure: Failure, at: dt.datetime
) -> list[tuple[int, str]]:
    """This will cancel the messages that still wait or are set aside, of those that `which` names
    (SQL that goes on after the table `message`, up to a condition, with its `values`), release
    their contacts, and return their causes. What a worker holds at this instant is not called back.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CANCEL.format(which=which), {**values, "failure": failure})
        causes = cursor.fetchall()
    if causes:
        contact.release_contacts(causes=causes, at=at)
    return causes
