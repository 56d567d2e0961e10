"""Reading scorecards: lists, the rule and the scorecard in force, and what one pays."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Prefetch, QuerySet

from journeys.targets.enums import CardState, Level
from journeys.targets.models import Scorecard, ScorecardMeasure, ScorecardRule
from journeys.targets.queries import pacing
from journeys.targets.queries.measures import by_month
from journeys.targets.rules import measures, paying, splitting, weighing
from journeys.targets.rules.measures import Asked, Measure, Told
from portal.kit import clock
from portal.staff.access import Scope
from portal.staff.enums import Role
from portal.staff.models import Staff

_CALLED = """
SELECT hold.holder_id, lead.branch_id, count(*)::int FROM journeys_leadhold AS hold
JOIN journeys_lead AS lead ON lead.id = hold.lead_id
WHERE hold.called_at >= %(since)s AND hold.called_at < %(until)s GROUP BY 1, 2 ORDER BY 1, 2
"""
_CREDITED = """
SELECT DISTINCT won.caller_id FROM journeys_card AS card
JOIN journeys_leadconversion AS won ON won.application_id = card.application_id
WHERE card.is_primary AND card.issued_date >= %(first)s AND card.issued_date < %(end)s
  AND won.caller_id IS NOT NULL ORDER BY 1
"""


@dataclass(frozen=True)
class PersonPay:
    """What scorecards pay a person for each month, by the month; None where a scorecard cannot be
    worked out."""

    person: Staff
    months: Mapping[dt.date, paying.Pay]

    @property
    def amount(self) -> Decimal:
        return sum((pay.amount for pay in self.months.values()), Decimal(0))

    @property
    def points(self) -> Decimal:
        return sum((pay.points for pay in self.months.values()), Decimal(0))


def rule_on(on: dt.date) -> ScorecardRule | None:
    """This will return the rule of scorecards in force on a day."""
    rows = ScorecardRule.objects.filter(effective_date__lte=on)
    return rows.order_by("-effective_date").first()


def _with_measures() -> QuerySet[Scorecard]:
    measures = ScorecardMeasure.objects.order_by("-weight", "pk")
    rows = Scorecard.objects.select_related("branch", "owner", "submission__maker")
    return rows.prefetch_related(Prefetch("measures", measures))


def list_scorecards(*, scope: Scope, state: str = "") -> QuerySet[Scorecard]:
    """This will list the scorecards of a scope, the latest first."""
    rows = _with_measures().filter(scope.branches())
    return (rows.filter(state=state) if state else rows).order_by("-first_date", "-pk")


def one_scorecard(*, scope: Scope, scorecard_id: int) -> Scorecard | None:
    """This will return a scorecard of a scope."""
    return _with_measures().filter(scope.branches(), pk=scorecard_id).first()


def weights_of(card: Scorecard) -> list[weighing.Weight]:
    """This will return what the supervisor looks at of a scorecard."""
    return [
        weighing.Weight(one.name, weighing.MeasureKind(one.kind), one.weight)
        for one in card.measures.all()
    ]


def faults_of(weights: Sequence[weighing.Weight], *, on: dt.date) -> list[str]:
    """This will say what the rule in force on a day has against these weights."""
    rule = rule_on(on)
    return weighing.faults(weights, margin=rule.margin if rule else None)


def snapshot_of(card: Scorecard) -> dict[str, Any]:
    """This will return what is approved of a scorecard."""
    return {
        "scorecard": {
            "name": card.name, "branch": card.branch.code, "version": card.version,
            "first": card.first_date.isoformat(), "point_value": str(card.point_value),
            "reason": card.reason,
        },
        "measures": [
            {
                "measure": one.measure, "kind": one.kind, "weight": str(one.weight),
                "goal": str(one.goal), "floor": one.floor, "cap": one.cap, "unknown": one.unknown,
            }
            for one in card.measures.order_by("pk")
        ],
    }  # fmt: skip


def in_force(branches: Sequence[Any], month: dt.date) -> dict[int, Scorecard]:
    """This will return the scorecard in force in a month, by the id of the branch: the latest of
    the branch or, where it has none, of the nearest one above."""
    rows = _with_measures().filter(state=CardState.APPROVED, first_date__lte=month)
    latest = {card.branch.path: card for card in rows.order_by("first_date", "pk")}
    found = {}
    for branch in branches:
        above = [path for path in latest if branch.path.startswith(path)]
        if above:
            found[branch.pk] = latest[max(above, key=len)]
    return found


def people_of(scope: Scope, path: str) -> list[Staff]:
    """This will list the telemarketers of the branch with this path and of those below it, by
    branch and name; with an empty path all."""
    rows = Staff.objects.filter(
        scope.branches(), role=Role.TELEMARKETER, is_active=True,
        branch__path__startswith=path,
    )  # fmt: skip
    return list(rows.select_related("branch", "team").order_by("branch__path", "name", "pk"))


def earners_in(month: dt.date) -> dict[int, dict[int, int]]:
    """This will tell who did anything in a month that a scorecard may pay, whoever they are today:
    by the id of the person, how many leads of each branch that one called; none of whoever is only
    credited with cards. It reads the calls and the primary cards of the month by their days."""
    end = splitting.next_month(month)
    given = {
        "since": clock.start_of(month),
        "until": clock.start_of(end),
        "first": month,
        "end": end,
    }
    found: dict[int, dict[int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_CALLED, given)
        for person, branch, calls in cursor.fetchall():
            found.setdefault(person, {})[branch] = calls
        cursor.execute(_CREDITED, given)
        for (person,) in cursor.fetchall():
            found.setdefault(person, {})
    return found


def branches_in(person: Staff, called: Mapping[int, int], branches: Mapping[int, Any]) -> list[Any]:
    """This will tell whose scorecard goes for a person's month, the first one that there is, as far
    as the calls of the month (by branch) show it: of the present branch, while the person calls
    leads of it or of those below it, or called none; otherwise, after a move or in another role, of
    the branch of most of them."""
    if not called:
        return [person.branch]
    most = branches[max(sorted(called), key=lambda pk: called[pk])]
    own = [pk for pk in called if branches[pk].path.startswith(person.branch.path)]
    if own and person.role == Role.TELEMARKETER:
        return [person.branch, most]
    return [most, person.branch]


def pay_of(
    card: Scorecard, people: Sequence[Staff], *, first: dt.date, months: int
) -> list[PersonPay]:
    """This will work out what a scorecard pays these people for each of some months, as the tables
    tell it now. Each measure is read once for all of them."""
    wanted = splitting.months_of(first, months)
    return [
        PersonPay(person, found)
        for person, found in _paid(card, people, wanted)
    ]  # fmt: skip


def _paid(
    card: Scorecard, people: Sequence[Staff], wanted: Sequence[dt.date]
) -> list[tuple[Staff, dict[dt.date, paying.Pay]]]:
    lines = list(card.measures.all())
    asked = Asked(
        Level.PERSON, [one.pk for one in people], wanted[0], splitting.next_month(wanted[-1])
    )
    known = {
        one.measure: measure
        for one in lines
        if (measure := one.of_measure) is not None and Level.PERSON in measure.levels
    }
    actual = {code: by_month(measure, asked) for code, measure in known.items()}
    goals = pacing.goals_of(staff_ids=asked.ids, codes=list(known), months=wanted)
    at_work = _at_work(asked)

    def brought(person: Staff, month: dt.date, one: ScorecardMeasure) -> paying.Brought:
        told = actual.get(one.measure, {}).get(person.pk, {}).get(month)
        goal = goals.get((person.pk, one.measure, month), one.goal)
        value = _value(known.get(one.measure), told)
        return paying.brought(one.line, value, goal, point_value=card.point_value)

    return [
        (
            person,
            {
                month: paying.pay(
                    [brought(person, month, one) for one in lines],
                    is_at_work=(person.pk, month) in at_work,
                )
                for month in wanted
            },
        )
        for person in people
    ]


def _at_work(asked: Asked) -> set[tuple[int, dt.date]]:
    """Who was at work in which month, as far as what people do shows it."""
    return {
        (fact.subject, fact.day.replace(day=1))
        for measure in measures.all_measures()
        if measure.shows_work and Level.PERSON in measure.levels
        for fact in measure.read(asked)
        if fact.part
    }


def _value(measure: Measure | None, told: Told | None) -> Decimal | None:
    """What is known of a month: of a count nothing on record is none, of a rate it is unknown."""
    if measure is None:
        return None
    if told is None:
        return Decimal(0) if measure.is_additive else None
    return told.value
