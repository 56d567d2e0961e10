"""Sleeping cards of each branch, from the figures that are kept of each day."""

import datetime as dt

from campaigns.warnings.queries.facts.giving import rows_of
from campaigns.warnings.rules.detectors.sleeping import Asleep
from campaigns.warnings.rules.limits import Limits

_DAYS = """
SELECT kept.day, kept.branch_id, sum(kept.cards)::int, sum(kept.asleep)::int, sum(kept.due_30)::int
FROM journeys_sleepday kept WHERE kept.day >= %(first)s AND kept.day < %(on)s
GROUP BY kept.day, kept.branch_id ORDER BY kept.day, kept.branch_id
"""
# The bank as a whole is told at its first branch, in place of what that one issued itself.
_WHOLE = "SELECT min(id) FROM portal_branch WHERE parent_id IS NULL"


def asleep_in(limits: Limits, on: dt.date) -> list[Asleep]:
    """This will tell of the bank, and of each branch without those below it, how its cards stood on
    the latest day that was counted, of as many days before `on` as are looked at. It reads the
    branches and products of these days from the rollup."""
    values = {"first": on - dt.timedelta(days=limits.days), "on": on}
    by_day: dict[dt.date, dict[int, tuple[int, int, int]]] = {}
    for day, branch, *counts in rows_of(_DAYS, values):
        by_day.setdefault(day, {})[branch] = (counts[0], counts[1], counts[2])
    if not by_day:
        return []
    [(whole,)] = rows_of(_WHOLE, {})
    for branches in by_day.values():
        cards, asleep, due = (sum(one[place] for one in branches.values()) for place in range(3))
        branches[whole] = (cards, asleep, due)
    latest = max(by_day)
    return [
        Asleep(latest, branch, *counts, series=_shares(by_day, branch))
        for branch, counts in sorted(by_day[latest].items())
    ]


def _shares(
    by_day: dict[dt.date, dict[int, tuple[int, int, int]]], branch: int
) -> list[tuple[str, float]]:
    found = []
    for day, branches in by_day.items():
        cards, asleep, _due = branches.get(branch, (0, 0, 0))
        if cards:
            found.append((day.isoformat(), round(100 * asleep / cards, 2)))
    return found
