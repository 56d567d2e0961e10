"""Messages of the past: what a run of then queued was sent within minutes of its time."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from journeys.models import Message
from journeys.outreach import operations as outreach
from portal.kit.registry import registry

# All of a person are as late, so that the places that the gate gave them keep their distance.
_SENT = """
WITH gone AS (
    UPDATE journeys_message SET state = 'sent', attempts = 1, failure_kind = '', failure = '',
        sent_at = not_before + (customer_id %% 900) * interval '1 second'
    WHERE state = 'queued' AND not_before < %(before)s
    RETURNING customer_id, dedup_key, sent_at
)
UPDATE journeys_contact AS made SET at = gone.sent_at FROM gone
WHERE made.customer_id = gone.customer_id AND made.dedup_key = gone.dedup_key
"""


@dataclass(frozen=True)
class Sent:
    """A message that was sent; `cause` and `text` name what it came from, as a root cause is
    named ("" where the first is nothing of that kind)."""

    customer_id: int
    at: dt.datetime
    cause: str
    text: str


def deliver(*, before: dt.datetime) -> None:
    """This will have been sent whatever was to go before an instant of the past."""
    with connection.cursor() as cursor:
        cursor.execute(_SENT, {"before": before})


def sent_so_far(*, at: dt.datetime) -> list[Sent]:
    """This will count what was sent, and list it."""
    outreach.count_sent(at=at, seconds=60)
    rows = Message.objects.filter(state="sent").select_related("template").order_by("pk")
    return [
        Sent(row.customer_id, row.sent_at, _cause_of(row.origin), f"script:{row.template}")
        for row in rows
        if row.sent_at is not None
    ]


def _cause_of(origin: str) -> str:
    for code, source in registry.contact_sources.items():
        if reference := source.reference_of(origin):
            return f"{code}:{reference}"
    return ""
