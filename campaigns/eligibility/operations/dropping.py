"""Dropping marks of changes that no run asks for any more."""

import datetime as dt
from typing import Any

from django.db import connection

from campaigns.eligibility import queries, rules
from portal.kit import clock

_DROP = """
DELETE FROM campaigns_factchange
WHERE transaction_id < pg_snapshot_xmin(CASE WHEN %(mark)s = '' THEN pg_current_snapshot()
        ELSE split_part(%(mark)s, ' ', 3)::pg_snapshot END)::text::bigint
  AND last_date <= %(day)s
"""


def drop_changes(*, on: dt.date) -> int:
    """This will drop the marks that the oldest run on which a later one may stand has seen, and
    whose facts are not of a day ahead of it. Returns how many."""
    since = clock.start_of(on - rules.LONGEST_CARRIED - dt.timedelta(days=1))
    base = queries.bases().filter(started_at__gte=since).order_by("id").first()
    behind = on - dt.timedelta(days=1) - rules.MOST_BEHIND
    values: dict[str, Any] = {
        "mark": base.mark if base else "", "day": min(behind, base.on_date) if base else behind,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_DROP, values)
        return int(cursor.rowcount)
