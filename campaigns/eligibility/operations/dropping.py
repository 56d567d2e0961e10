"""Dropping marks of changes that no run asks for any more."""

import datetime as dt
from typing import Any

from django.db import connection, transaction

from campaigns.eligibility import queries, rules
from portal.kit import clock

# No run of those given does not know what is dropped; nor does one that is started from now on.
_DROP = """
DELETE FROM campaigns_factchange
WHERE last_date <= %(day)s
  AND transaction_id < (
      SELECT min(pg_snapshot_xmin(seen)::text::bigint) FROM (
          SELECT pg_current_snapshot() AS seen
          UNION ALL
          SELECT split_part(one, ' ', 3)::pg_snapshot FROM unnest(%(marks)s::text[]) AS one
      ) AS each_mark)
"""


@transaction.atomic
def drop_changes(*, on: dt.date) -> int:
    """This will drop the marks that all runs on which a later one may stand have seen, those still
    going included, and whose facts are not of a day ahead of any. Returns how many."""
    queries.wait_for_marks()
    since = clock.start_of(on - rules.LONGEST_CARRIED - dt.timedelta(days=1))
    runs = list(queries.marked_runs().filter(started_at__gte=since))
    behind = on - dt.timedelta(days=1) - rules.MOST_BEHIND
    values: dict[str, Any] = {
        "marks": [run.mark for run in runs], "day": min([behind, *(run.on_date for run in runs)]),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_DROP, values)
        return int(cursor.rowcount)
