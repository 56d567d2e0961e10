"""The measures that the tables of journeys know today, and their values by month.

What is read, each by set for all subjects at once: cards by `card_by_issue` of the days alone;
calls by `lead_hold_called_on`; promises of the people by `callback_ended`; calls that were read by
the cases of their people; complaints by those that name somebody of the staff, or by
`complaint_opened`. No measure reads transactions or customers.

A card is credited to whoever called the lead that led to its application (`LeadConversion`); a
branch has the cards that are kept there. A team has what the people have who belong to it today.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from journeys.targets.enums import Level, MeasureKind, Unit
from journeys.targets.rules import measures
from journeys.targets.rules.measures import Asked, Fact, Measure, Told
from portal.kit import clock

# After so many days a card is looked at once more.
LOOKED_AT_AFTER = 90
_CARDS = """
SELECT won.caller_id AS staff_id, card.branch_id, card.product_id,
       card.issued_date + {later} AS day, ({part})::int AS part, 1 AS whole
FROM journeys_card AS card
LEFT JOIN journeys_leadconversion AS won ON won.application_id = card.application_id
WHERE card.is_primary AND card.issued_date >= %(first)s::date - {later}
  AND card.issued_date < %(end)s::date - {later}
"""
_CALLS = """
SELECT hold.holder_id AS staff_id, person.branch_id, NULL::bigint AS product_id,
       (hold.called_at AT TIME ZONE %(zone)s)::date AS day, 1 AS part, 1 AS whole
FROM journeys_leadhold AS hold
JOIN portal_staff AS person ON person.id = hold.holder_id
{reached}
WHERE hold.called_at >= %(since)s AND hold.called_at < %(until)s
"""
_REACHED = """
JOIN journeys_leadcall AS call ON call.hold_id = hold.id
JOIN journeys_disposition AS came ON came.id = call.disposition_id AND came.is_reached
"""
_PROMISES = """
SELECT promise.owner_id AS staff_id, person.branch_id, NULL::bigint AS product_id,
       (promise.ended_at AT TIME ZONE %(zone)s)::date AS day, ("end" = 'kept')::int AS part,
       1 AS whole
FROM portal_staff AS person JOIN journeys_callback AS promise ON promise.owner_id = person.id
WHERE promise."end" IN ('kept', 'late')
  AND promise.ended_at >= %(since)s AND promise.ended_at < %(until)s
"""
# What a dispute set aside counts no more.
_READ = """
SELECT item.caller_id AS staff_id, item.branch_id, NULL::bigint AS product_id,
       (item.closed_at AT TIME ZONE %(zone)s)::date AS day, {part} AS part, 1 AS whole
FROM journeys_qualitycase AS item
JOIN LATERAL (
    SELECT avg(score) AS score, bool_or(missed_grave) AS missed_grave
    FROM journeys_qualityreview WHERE case_id = item.id) AS found ON found.score IS NOT NULL
WHERE item.closed_at >= %(since)s AND item.closed_at < %(until)s AND NOT EXISTS (
    SELECT FROM journeys_qualitydispute AS dispute
    JOIN journeys_qualitydecision AS decision ON decision.dispute_id = dispute.id
    WHERE dispute.case_id = item.id AND decision.verdict = 'set_aside')
"""
_UPHELD = """
SELECT complaint.cause_staff_id AS staff_id, complaint.branch_id, NULL::bigint AS product_id,
       complaint.closed_date AS day, 1 AS part, 1 AS whole
FROM journeys_complaint AS complaint
WHERE complaint.cause_staff_id IS NOT NULL AND complaint.state = 'closed'
  AND complaint.closed_date >= %(first)s AND complaint.closed_date < %(end)s
"""
_COMPLAINTS = """
SELECT NULL::bigint AS staff_id, complaint.branch_id, NULL::bigint AS product_id,
       complaint.opened_date AS day, 1 AS part, 1 AS whole
FROM journeys_complaint AS complaint
WHERE complaint.opened_date >= %(first)s AND complaint.opened_date < %(end)s
"""
_OF = {
    Level.BRANCH: (
        "asked.id",
        "JOIN portal_branch AS place ON place.id = fact.branch_id "
        "JOIN portal_branch AS asked ON starts_with(place.path, asked.path)"
        " AND asked.id = ANY(%(ids)s::bigint[])",
    ),
    Level.TEAM: (
        "person.team_id",
        "JOIN portal_staff AS person ON person.id = fact.staff_id"
        " AND person.team_id = ANY(%(ids)s::bigint[])",
    ),
    Level.PERSON: (
        "fact.staff_id",
        "JOIN unnest(%(ids)s::bigint[]) AS asked(id) ON asked.id = fact.staff_id",
    ),
}
_SUMS = """
SELECT {key}, fact.day, sum(fact.part), sum(fact.whole) FROM ({facts}) AS fact {of}
WHERE %(product)s::bigint IS NULL OR fact.product_id = %(product)s
GROUP BY 1, 2 ORDER BY 1, 2
"""
_CARDS_OF = """
SELECT won.caller_id, card.id FROM journeys_card AS card
JOIN journeys_leadconversion AS won ON won.application_id = card.application_id
WHERE card.is_primary AND card.issued_date >= %(first)s AND card.issued_date < %(end)s
  AND won.caller_id = ANY(%(ids)s::bigint[])
ORDER BY 1, 2
"""
_USED_IN_TIME = f"(card.first_used_date <= card.issued_date + {LOOKED_AT_AFTER}) IS TRUE"
_OPEN_IN_TIME = f"(card.closed_date <= card.issued_date + {LOOKED_AT_AFTER}) IS NOT TRUE"


def statement_of(level: Level, facts: str) -> str:
    """This will return the statement that sums up facts by subject and day."""
    key, of = _OF[level]
    return _SUMS.format(key=key, facts=facts, of=of)


def _reader(facts: str) -> Callable[[Asked], Iterable[Fact]]:
    def read(asked: Asked) -> list[Fact]:
        if not asked.ids or asked.first >= asked.end:
            return []
        given: dict[str, Any] = {
            "ids": list(asked.ids), "first": asked.first, "end": asked.end,
            "since": clock.start_of(asked.first), "until": clock.start_of(asked.end),
            "zone": settings.TIME_ZONE, "product": asked.product_id,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(statement_of(asked.level, facts), given)
            return [
                Fact(subject, day, Decimal(part), Decimal(whole))
                for subject, day, part, whole in cursor.fetchall()
            ]

    return read


def _cards(part: str, later: int = 0) -> Callable[[Asked], Iterable[Fact]]:
    return _reader(_CARDS.format(part=part, later=later))


def cards_of(staff_ids: Sequence[int], first: dt.date, end: dt.date) -> list[tuple[int, int]]:
    """This will name the primary cards issued on the days from `first` until before `end` that are
    credited to these persons, as (person, card)."""
    with connection.cursor() as cursor:
        cursor.execute(_CARDS_OF, {"ids": list(staff_ids), "first": first, "end": end})
        return cursor.fetchall()


_K, _PLACES = MeasureKind, frozenset({Level.BRANCH})
_IN_USE = "card.activated_date IS NOT NULL AND card.first_used_date IS NOT NULL"
MEASURES = (
    Measure(
        "cards_issued", _("Primary cards issued"), Unit.COUNT, _K.VOLUME, _cards("TRUE"),
        has_products=True, cards=cards_of,
        shows_work=True,
    ),
    Measure(
        "calls_made", _("Calls made"), Unit.COUNT, _K.VOLUME, _reader(_CALLS.format(reached="")),
        shows_work=True,
    ),
    Measure(
        "persons_reached", _("Calls that reached the person"), Unit.COUNT, _K.VOLUME,
        _reader(_CALLS.format(reached=_REACHED)),
    ),
    Measure(
        "cards_in_use", _("Issued cards that are in use"), Unit.PERCENT, _K.QUALITY,
        _cards(f"{_IN_USE} AND card.closed_date IS NULL"), has_products=True,
    ),
    Measure(
        "quality_mark", _("Mark of calls that were read"), Unit.MARK, _K.QUALITY,
        _reader(_READ.format(part="found.score")),
    ),
    Measure(
        "calls_clean", _("Calls read without a grave fault"), Unit.PERCENT, _K.COMPLIANCE,
        _reader(_READ.format(part="(NOT found.missed_grave)::int")),
    ),
    Measure(
        "complaints_upheld", _("Complaints upheld against staff"), Unit.COUNT, _K.COMPLIANCE,
        _reader(_UPHELD), is_less_better=True,
    ),
    Measure(
        "used_in_time", _("Cards used within 90 days"), Unit.PERCENT, _K.RISK,
        _cards(_USED_IN_TIME, LOOKED_AT_AFTER), has_products=True,
    ),
    Measure(
        "open_in_time", _("Cards still open after 90 days"), Unit.PERCENT, _K.RISK,
        _cards(_OPEN_IN_TIME, LOOKED_AT_AFTER), has_products=True,
    ),
    Measure(
        "promises_kept", _("Promised calls kept in time"), Unit.PERCENT, _K.SERVICE,
        _reader(_PROMISES),
    ),
    Measure(
        "complaints_opened", _("Complaints received"), Unit.COUNT, _K.SERVICE,
        _reader(_COMPLAINTS), is_less_better=True, levels=_PLACES,
    ),
)  # fmt: skip


def value(measure: Measure, level: Level, subject_id: int, first: dt.date, last: dt.date) -> Told:
    """This will tell what one branch, team or person has by a measure on the days from `first` to
    `last`, both inside."""
    asked = Asked(level, [subject_id], first, last + dt.timedelta(days=1))
    return measures.told(measure, measure.read(asked))


def by_month(measure: Measure, asked: Asked) -> dict[int, dict[dt.date, Told]]:
    """This will tell what each subject has in each month in which it has anything."""
    found: dict[int, dict[dt.date, list[Fact]]] = {}
    for fact in measure.read(asked):
        found.setdefault(fact.subject, {}).setdefault(fact.day.replace(day=1), []).append(fact)
    return {
        subject: {month: measures.told(measure, facts) for month, facts in months.items()}
        for subject, months in found.items()
    }
