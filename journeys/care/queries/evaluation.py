"""Complaints by what they came from: every figure is read from complaints alone, or from the counts
of what was sent, never from the messages themselves."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from journeys.care.enums import CauseKind
from journeys.care.queries.causes import named_causes
from journeys.care.rules import Figures, Rate, rate_of
from journeys.outreach import queries as outreach
from portal.kit.registry import Named, registry
from portal.staff.access import Scope

# A complaint belongs to the day of its first opening, and is in time where each of its limits was
# kept, those of the rounds that are over (`past`) too: opening it again makes nothing good. Of a
# round that is over without a day of answer nobody can show that its limit was kept. As in the list
# behind a figure, who may see it is the branch that keeps the customer now, and the branch that is
# asked for the one that took it in.
_FIGURES = """
WITH past AS (
    SELECT complaint_id, count(*)::int AS rounds, min(opened_date) AS opened_date,
           count(*) FILTER (WHERE answered_date IS NULL OR answered_date > due_date)::int AS broken,
           (array_agg(answered_date - opened_date ORDER BY opened_date, id))[1] AS days
    FROM journeys_complaintround WHERE is_over GROUP BY complaint_id
), told AS (
    SELECT c.customer_id, c.branch_id, c.cause_kind, c.cause_reference, c.cause_staff_id,
           coalesce(past.opened_date, c.opened_date) AS opened_date,
           coalesce(past.rounds, 0) AS reopened,
           past.rounds IS NOT NULL OR c.answered_date IS NOT NULL OR c.due_date < %(on)s AS decided,
           coalesce(past.broken, 0)
               + (coalesce(c.answered_date, %(on)s) > c.due_date)::int AS broken,
           CASE WHEN past.rounds IS NULL THEN c.answered_date - c.opened_date ELSE past.days END
               AS days
    FROM journeys_complaint c LEFT JOIN past ON past.complaint_id = c.id
    WHERE c.opened_date >= %(first)s  -- no clock began before the first opening
)
SELECT {key}, count(*), count(*) FILTER (WHERE c.decided),
       count(*) FILTER (WHERE c.decided AND c.broken = 0),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY c.days),
       sum(c.reopened)::int, sum(c.broken)::int
FROM told c
JOIN portal_branch b ON b.id = c.branch_id
JOIN journeys_customer person ON person.id = c.customer_id
JOIN portal_branch keeper ON keeper.id = person.branch_id
LEFT JOIN portal_staff s ON s.id = c.cause_staff_id
WHERE c.opened_date BETWEEN %(first)s AND %(last)s AND starts_with(keeper.path, %(scope)s)
  AND starts_with(b.path, %(branch)s) AND (%(kind)s = '' OR c.cause_kind = %(kind)s)
GROUP BY 1, 2 ORDER BY 1, 2
"""
_WHOLE, _KIND = "1, 1", "c.cause_kind, ''"
_CAUSE = "c.cause_kind, coalesce(s.staff_number, c.cause_reference)"
_MONTH = "date_trunc('month', c.opened_date)::date, ''"


# The two columns of the key, and the figures of that group.
_Row = tuple[Any, str, Figures]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Complaints first opened from `first` to `last`, both included, of a branch with those below
    it, and of a kind of cause; what is empty is not asked for."""

    first: dt.date
    last: dt.date
    branch_path: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of a kind of cause ("" where none is given yet), or of one cause of it."""

    kind: str
    reference: str
    label: str
    url: str
    figures: Figures
    share_percent: int
    rate: Rate | None = None

    @property
    def is_kind(self) -> bool:
        """Whether it is the line of a whole kind."""
        return not self.reference


def whole(*, scope: Scope, wanted: Wanted, on: dt.date) -> Figures:
    """This will give the figures of all that is wanted."""
    found = _figures(_WHOLE, scope, wanted, on)
    return found[0][2] if found else Figures()


def by_month(*, scope: Scope, wanted: Wanted, on: dt.date) -> list[tuple[dt.date, Figures]]:
    """This will give the figures by month of first opening; months without complaints included."""
    found = {month: figures for month, _none, figures in _figures(_MONTH, scope, wanted, on)}
    months, month = [], wanted.first.replace(day=1)
    while month <= wanted.last:
        months.append((month, found.get(month, Figures())))
        month = (month + dt.timedelta(days=31)).replace(day=1)
    return months


def by_cause(*, scope: Scope, wanted: Wanted, on: dt.date) -> list[Line]:
    """This will give the figures of each kind of cause, the most frequent first, each followed by
    its single causes, with the rate of those that are made of messages."""
    kinds = sorted(_figures(_KIND, scope, wanted, on), key=lambda row: -row[2].complaints)
    causes = _figures(_CAUSE, scope, wanted, on)
    total = sum(figures.complaints for _kind, _none, figures in kinds)
    names = _names(causes)
    sent = _sent(causes, names, scope, wanted)
    lines = []
    for kind, _none, figures in kinds:
        label = str(CauseKind(kind).label) if kind else ""
        lines.append(_line(kind, "", Named("", label), figures, total))
        single = [row for row in causes if row[0] == kind and row[1]]
        for _kind, reference, own in sorted(single, key=lambda row: -row[2].complaints):
            name = names.get((kind, reference), Named(reference, reference))
            line = _line(kind, reference, name, own, total)
            rate = rate_of(own.complaints, sent.get((kind, reference), 0))
            lines.append(replace(line, rate=rate))
    return lines


def _line(kind: str, reference: str, name: Named, figures: Figures, total: int) -> Line:
    share = round(100 * figures.complaints / total) if total else 0
    return Line(kind, reference, name.label, name.url, figures, share)


def _figures(key: str, scope: Scope, wanted: Wanted, on: dt.date) -> list[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(
            _FIGURES.format(key=key),
            {
                "on": on, "first": wanted.first, "last": wanted.last, "kind": wanted.kind,
                "scope": scope.branch_path, "branch": wanted.branch_path,
            },
        )  # fmt: skip
        return [(row[0], row[1], Figures(*row[2:])) for row in cursor.fetchall()]


def _names(causes: Iterable[_Row]) -> dict[tuple[str, str], Named]:
    references: dict[str, list[str]] = {}
    for kind, reference, _own in causes:
        if reference:
            references.setdefault(kind, []).append(reference)
    return {
        (kind, reference): name
        for kind, wanted in references.items()
        for reference, name in named_causes(kind, wanted).items()
    }


def _sent(
    causes: Sequence[_Row], names: dict[tuple[str, str], Named], scope: Scope, wanted: Wanted
) -> dict[tuple[str, str], int]:
    """How many messages were sent of each version and text that complaints came from."""
    origins, texts = {}, {}
    for kind, reference, _own in causes:
        source = registry.contact_sources.get(kind)
        if source and (kind, reference) in names:
            origins[source.origin_of(reference)] = (kind, reference)
    scripts = [reference for kind, reference, _own in causes if kind == CauseKind.SCRIPT]
    for reference, text in outreach.named_texts(scripts).items():
        texts[text.pk] = (CauseKind.SCRIPT.value, reference)
    by_origin, by_text = outreach.sent_between(
        scope=scope, first=wanted.first, last=wanted.last, branch_path=wanted.branch_path,
        origins=list(origins), template_ids=list(texts),
    )  # fmt: skip
    return {
        **{origins[origin]: sent for origin, sent in by_origin.items()},
        **{texts[text_id]: sent for text_id, sent in by_text.items()},
    }
