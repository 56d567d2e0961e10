"""The daily sales report as a whole, for the page, the file and the mail alike."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from journeys.kpis.enums import AsOf, Dimension
from journeys.kpis.queries import figures
from journeys.kpis.queries.figures import Wanted
from journeys.kpis.rules import DayLine, Line
from portal.kit import clock
from portal.staff import queries as staff
from portal.staff.access import Scope


@dataclass(frozen=True)
class Report:
    """A day's report: its lines with their sum, its month day by day, and as of when it is read
    (`known`; None: now)."""

    day: dt.date
    by: Dimension
    lines: Sequence[Line]
    total: Line
    month: Sequence[DayLine]
    cutoff_at: dt.datetime
    closed_at: dt.datetime
    known: dt.datetime | None

    @property
    def has_targets(self) -> bool:
        return any(line.pace for line in self.lines)

    @property
    def restated_days(self) -> list[DayLine]:
        return [day for day in self.month if day.is_restated]


def report_of(
    *,
    scope: Scope,
    day: dt.date,
    by: Dimension,
    branch_path: str = "",
    product: int | None = None,
    source: str = "",
    as_of: AsOf = AsOf.NOW,
    known_on: dt.date | None = None,
) -> Report:
    """This will make the report of a day for a scope, or a branch of it with those below it.

    `known_on` reads it as it was known at the end of that day; else `as_of` says as of when.
    """
    cutoff, closed = figures.instants_of(day)
    known = {AsOf.CLOSE: closed, AsOf.CUTOFF: cutoff}.get(as_of)
    if known_on is not None:
        known = clock.start_of(known_on + dt.timedelta(days=1))
    path = branch_path if branch_path.startswith(scope.branch_path) else scope.branch_path
    branches = [row.pk for row in staff.branches_below(path)]
    wanted = Wanted(day, branches, known, product, source)
    lines = figures.lines_of(wanted, by)
    month = figures.month_of(wanted)
    return Report(day, by, lines, figures.total_of(lines, by), month, cutoff, closed, known)
