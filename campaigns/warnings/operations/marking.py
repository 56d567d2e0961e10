"""Up to where tables were read: what is new is read again until nothing of it can come late."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from campaigns.warnings.models import SweepMark

# Tables that sweeps follow by their ids, and where the first sweep begins: the 31 days before. The
# sum keeps the planner from walking along the ids.
TABLES: dict[str, tuple[str, str]] = {
    "grants": ("campaigns_grant", "granted_at >= %(at)s - interval '31 days'"),
    "entries": ("campaigns_budgetentry", "at >= %(at)s - interval '31 days'"),
    "uses": ("campaigns_benefitentry", "at >= %(at)s - interval '31 days'"),
    "transactions": (
        "journeys_transaction", "posted_date >= (%(at)s - interval '31 days')::date",
    ),
}  # fmt: skip
_SEEN = """
SELECT coalesce((SELECT id FROM {table} ORDER BY id DESC LIMIT 1), 0),
    pg_snapshot_xmin(now.of)::text::bigint, pg_snapshot_xmax(now.of)::text::bigint
FROM (SELECT pg_current_snapshot() AS of) now
"""
_FIRST = "SELECT coalesce(min(id + 0) - 1, 0) FROM {table} WHERE {where}"


@dataclass(frozen=True)
class Reading:
    """What a sweep reads of a table: the rows after this id, up to where it stood at its begin."""

    mark: SweepMark
    after: int
    last: int
    over: int
    begun: int

    @property
    def is_empty(self) -> bool:
        return self.last <= self.after

    def keep(self) -> None:
        """This will note what was read. What lay before the last sweep is done for good once all
        transactions of that moment are over: an id may be drawn long before its row is seen."""
        mark = self.mark
        if mark.seen_snapshot and self.over < mark.seen_snapshot:
            return
        mark.read_id = max(mark.read_id, mark.seen_id)
        mark.seen_id, mark.seen_snapshot = max(self.last, mark.read_id), self.begun
        mark.save(update_fields=["read_id", "seen_id", "seen_snapshot"])


def begin(*, code: str, at: dt.datetime) -> Reading:
    """This will lock the mark of a table and tell what is to be read of it."""
    table, where = TABLES[code]
    mark, is_new = SweepMark.objects.select_for_update().get_or_create(code=code)
    with connection.cursor() as cursor:
        if is_new:
            cursor.execute(_FIRST.format(table=table, where=where), {"at": at})
            mark.read_id = mark.seen_id = cursor.fetchone()[0]
        cursor.execute(_SEEN.format(table=table))
        last, over, begun = cursor.fetchone()
    if is_new:
        mark.save(update_fields=["read_id", "seen_id"])
    return Reading(mark, mark.read_id, last, over, begun)
