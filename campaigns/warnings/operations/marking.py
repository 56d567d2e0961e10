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
_LAST = "SELECT coalesce((SELECT id FROM {table} ORDER BY id DESC LIMIT 1), 0)"
_NUMBERS = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, pg_current_xact_id()::text::bigint
"""
# Where nothing came in those days, there is nothing to catch up with.
_FIRST = "SELECT coalesce(min(id + 0) - 1, %(last)s) FROM {table} WHERE {where}"


@dataclass(frozen=True)
class Reading:
    """What a sweep reads of a table: the rows after this id. `last` was the last one at its begin,
    `number` is that of its transaction, and all transactions below `over` are over."""

    mark: SweepMark
    after: int
    last: int
    over: int
    number: int

    @property
    def is_empty(self) -> bool:
        return self.last <= self.after

    def keep(self) -> None:
        """This will note what was read. What lay before the last sweep is done for good once all
        transactions of that moment are over: an id may be drawn long before its row is seen."""
        mark = self.mark
        if mark.seen_number and self.over < mark.seen_number:
            return
        mark.read_id = max(mark.read_id, mark.seen_id)
        mark.seen_id, mark.seen_number = max(self.last, mark.read_id), self.number
        mark.save(update_fields=["read_id", "seen_id", "seen_number"])


def begin(*, code: str, at: dt.datetime) -> Reading:
    """This will lock the mark of a table and tell what is to be read of it; the first thing that
    its transaction does. The last row is read before that transaction has a number, so that all
    who had drawn an id by then have a lower one."""
    table, where = TABLES[code]
    with connection.cursor() as cursor:
        cursor.execute(_LAST.format(table=table))
        (last,) = cursor.fetchone()
        mark, is_new = SweepMark.objects.select_for_update().get_or_create(code=code)
        cursor.execute(_NUMBERS)
        over, number = cursor.fetchone()
        if is_new:
            cursor.execute(_FIRST.format(table=table, where=where), {"at": at, "last": last})
            (mark.read_id,) = cursor.fetchone()
            mark.seen_id = mark.read_id
            mark.save(update_fields=["read_id", "seen_id"])
    return Reading(mark, mark.read_id, last, over, number)
