"""Figures of days and months out of the ledger, as known at any instant."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from journeys.cards.models import CardProduct
from journeys.kpis import rules
from journeys.kpis.enums import Dimension, IssueSource
from journeys.kpis.models import CutoffRule, FigureDay, FigureEntry
from journeys.kpis.rules import Cutoff, DayLine, Line
from portal.kit import clock
from portal.kit.registry import registry
from portal.staff import queries as staff
from portal.staff.access import Scope
from portal.staff.models import Staff

_KEYS = {
    Dimension.BRANCH: "e.branch_id::text", Dimension.TEAM: "e.team_id::text",
    Dimension.PERSON: "e.person_id::text", Dimension.PRODUCT: "e.product_id::text",
    Dimension.SOURCE: "e.source",
}  # fmt: skip
_WHERE = """e.day_id >= %(first)s AND e.day_id < %(end)s AND e.known_at < %(known)s
    AND e.branch_id = ANY(%(branches)s::bigint[])
    AND (%(product)s::bigint IS NULL OR e.product_id = %(product)s)
    AND (%(source)s = '' OR e.source = %(source)s)"""
_OF_DAY = "FILTER (WHERE e.day_id = %(day)s)"
_CLOSED = "FILTER (WHERE e.day_id = %(day)s AND e.known_at < %(closed)s)"
_LATE = "FILTER (WHERE e.day_id = %(day)s AND e.known_at >= %(closed)s)"
_LINES = f"""
SELECT {{key}}, {", ".join(f"coalesce(sum(e.{name}) {_OF_DAY}, 0)" for name in rules.MEASURES)},
    coalesce(sum(e.issued), 0), coalesce(sum(e.issued - e.supplementary), 0),
    coalesce(sum(e.activated), 0), coalesce(sum(e.issued) {_CLOSED}, 0),
    coalesce({" OR ".join(f"sum(e.{name}) {_LATE} <> 0" for name in rules.MEASURES)}, FALSE)
FROM journeys_figureentry e WHERE {_WHERE} GROUP BY 1
"""
_MONTH = f"""
SELECT e.day_id, coalesce(sum(e.filed), 0), coalesce(sum(e.issued), 0),
    coalesce(sum(e.activated), 0),
    coalesce(sum(e.issued) FILTER (WHERE e.known_at < d.closed_at), 0),
    coalesce({
    " OR ".join(
        f"sum(e.{name}) FILTER (WHERE e.known_at >= d.closed_at) <> 0" for name in rules.MEASURES
    )
}, FALSE)
FROM journeys_figureentry e JOIN journeys_figureday d ON d.day = e.day_id
WHERE {_WHERE} GROUP BY 1
"""
_ISSUED = (
    f"SELECT {{key}}, coalesce(sum(e.issued), 0)::int FROM journeys_figureentry e WHERE {_WHERE}"
    " GROUP BY 1"
)
# No instant of ours comes later.
_EVER = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Wanted:
    """Which figures are asked for: of a day and its month up to it, as known before `known`
    (None: now), of these branches; with a product or a source of that alone."""

    day: dt.date
    branches: Sequence[int]
    known: dt.datetime | None = None
    product: int | None = None
    source: str = ""

    @property
    def first(self) -> dt.date:
        return self.day.replace(day=1)

    def values(self) -> dict[str, Any]:
        """This will return the gaps of the statements."""
        return {
            "first": self.first, "end": self.day + dt.timedelta(days=1), "day": self.day,
            "known": self.known or _EVER, "closed": closed_at(self.day),
            "branches": list(self.branches), "product": self.product, "source": self.source,
        }  # fmt: skip


def cutoff_on(day: dt.date) -> Cutoff:
    """This will return the cut-off in force on a day; before the first rule the usual one."""
    rows = CutoffRule.objects.filter(effective_date__lte=day)
    rule = rows.order_by("-effective_date").first()
    return rule.cutoff if rule else rules.USUAL


def instants_of(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """This will return when a day's first figures are taken, and when its report is closed: as
    noted when it was counted first, or else by the rule."""
    noted = FigureDay.objects.filter(pk=day).first()
    if noted is not None:
        return noted.cutoff_at, noted.closed_at
    cutoff = cutoff_on(day)
    return (
        clock.at_time(day, cutoff.at),
        clock.at_time(day + dt.timedelta(days=1), cutoff.closed),
    )


def closed_at(day: dt.date) -> dt.datetime:
    """This will return when the report of a day is closed."""
    return instants_of(day)[1]


def lines_of(wanted: Wanted, by: Dimension) -> list[Line]:
    """This will return the figures of a day and its month by a dimension, in the order of their
    names: nobody stands first for numbers alone."""
    found = _read(_LINES.format(key=_KEYS[by]), wanted.values())
    paces = _paces(by, found, wanted)
    names = _names(by, [*(row[0] for row in found if row[0]), *paces])
    nobody = str(IssueSource.UNKNOWN.label)
    lines = [
        replace(Line(row[0], names.get(row[0] or "", nobody), *row[1:]), pace=paces.get(row[0]))
        for row in found
    ]
    told = {row[0] for row in found}
    lines += [
        Line(key, names.get(key, nobody), pace=pace)
        for key, pace in paces.items()
        if key not in told
    ]
    lines = [line for line in lines if not line.is_empty]
    return sorted(lines, key=lambda line: (line.name == nobody, line.name, line.key or ""))


def total_of(lines: Sequence[Line], by: Dimension) -> Line:
    """This will add up all lines; their targets only where each of them has one that is a part of
    the whole: otherwise cards would stand beside targets that are not theirs."""
    paces = [line.pace for line in lines if line.pace]
    is_whole = all(line.pace or not line.month_primary for line in lines)
    pace = None
    if paces and is_whole and by == Dimension.BRANCH:
        pace = rules.Pace(sum(p.target for p in paces), sum(p.due for p in paces))  # type: ignore[arg-type]
    return rules.together(lines, _("Together"), pace)


def month_of(wanted: Wanted) -> list[DayLine]:
    """This will return the days of a month up to a day, those without any figure too."""
    found = {row[0]: row for row in _read(_MONTH, wanted.values())}
    days = [wanted.first + dt.timedelta(days=number) for number in range(wanted.day.day)]
    return [DayLine(*found[day]) if day in found else DayLine(day) for day in days]


def issued_by(
    *, scope: Scope, by: Dimension, first: dt.date, end: dt.date, known: dt.datetime | None = None
) -> dict[str | None, int]:
    """This will count the cards issued from `first` to before `end` by a dimension: by the id of
    a branch, team, person or product as a text, or the code of a source; None for those of whom it
    is not known. With `known` as it was known before that instant."""
    branches = [row.pk for row in staff.branches_below(scope.branch_path)]
    values = {
        "first": first, "end": end, "known": known or _EVER, "branches": branches,
        "product": None, "source": "",
    }  # fmt: skip
    return dict(_read(_ISSUED.format(key=_KEYS[by]), values))


def _paces(by: Dimension, found: Sequence[Any], wanted: Wanted) -> dict[str, rules.Pace]:
    """What is to be issued, as far as whoever keeps targets says so: also of branches that issued
    nothing. Of a part of the figures there is none."""
    if registry.issue_targets is None or by == Dimension.SOURCE:
        return {}
    if wanted.source or wanted.product is not None:
        return {}
    keys = {int(row[0]) for row in found if row[0]}
    if by == Dimension.BRANCH:
        keys |= set(wanted.branches)
    told = registry.issue_targets(by.value, sorted(keys), wanted.day, wanted.known)
    return {str(key): rules.Pace(one.target, one.due) for key, one in told.items()}


def _names(by: Dimension, keys: Sequence[str]) -> Mapping[str, str]:
    """What each key is called in the reader's language."""
    if by == Dimension.SOURCE:
        return {key: str(IssueSource(key).label) for key in keys}
    if by == Dimension.BRANCH:
        labels = staff.branch_labels([int(key) for key in keys])
        return {str(pk): label for pk, label in labels.items()}
    model: Any = {
        Dimension.PERSON: Staff, Dimension.PRODUCT: CardProduct,
        Dimension.TEAM: FigureEntry._meta.get_field("team").related_model,
    }[by]  # fmt: skip
    return {str(row.pk): str(row) for row in model.objects.filter(pk__in=keys)}


def _read(sql: str, values: Mapping[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
