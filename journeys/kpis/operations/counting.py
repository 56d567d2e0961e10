"""Counting the days of which facts were written, by the clock."""

import datetime as dt
from collections.abc import Callable

from django.db import connection, transaction

from journeys.kpis import queries, rules
from journeys.kpis.models import FigureDay, FigureMark
from portal.audit import operations as audit
from portal.kit import clock

DAYS_AT_ONCE = 62
_ONE_DAY = dt.timedelta(days=1)
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('journeys.kpis', 0))"


def count_days(*, now: Callable[[], dt.datetime]) -> list[dt.date]:
    """This will write into the ledger by how much the figures of those days moved of which facts
    were written since, and return the days.

    Some days at once are a transaction with their marks: what is cut off is done by the next call,
    and twice at once is as good as twice after each other. A day about which nothing moved is
    counted and leaves no entry.
    """
    counted: list[dt.date] = []
    while days := _count_some(now):
        counted += days
    return counted


@transaction.atomic
def _count_some(now: Callable[[], dt.datetime]) -> list[dt.date]:
    """The lock comes first, then the instant: whoever counts later has seen more, and writes a
    later one."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        at = now()
        marked = FigureMark.objects.order_by("day").values_list("day", flat=True)
        days = list(marked.distinct()[:DAYS_AT_ONCE])
        _note_days(days, at)
        if not days:
            return []
        # Those that are seen: a mark that comes now belongs to facts that may not be.
        marks = list(FigureMark.objects.filter(day__in=days).values_list("pk", flat=True))
        cursor.execute(rules.WRITE, {"days": days, "at": at})
        written = cursor.rowcount
    FigureMark.objects.filter(pk__in=marks).delete()
    if written:
        late = FigureDay.objects.filter(pk__in=days, closed_at__lte=at, entries__known_at=at)
        restated = sorted(late.distinct().values_list("day", flat=True))
        changes = {
            "counted_days": len(days), "written": written,
            "restated_days": [str(day) for day in restated],
        }  # fmt: skip
        audit.record(action="figures.counted", actor=None, at=at, changes=changes)
    return days


def _note_days(days: list[dt.date], at: dt.datetime) -> None:
    """When the reports of these days close, and of all up to today, so that what comes late of a
    day without facts is late too. One that is noted after its hour is closed with this count."""
    today = clock.bank_day(at)
    noted = FigureDay.objects.filter(day__lte=today).order_by("-day")
    latest = noted.values_list("day", flat=True).first() or today - _ONE_DAY
    since = {latest + number * _ONE_DAY for number in range(1, (today - latest).days + 1)}
    wanted = since.union(days)
    wanted -= set(FigureDay.objects.filter(pk__in=wanted).values_list("day", flat=True))
    for day in sorted(wanted):
        cutoff, closed = queries.instants_of(day)
        FigureDay.objects.create(
            day=day, cutoff_at=cutoff, closed_at=max(closed, at + dt.timedelta(microseconds=1))
        )
