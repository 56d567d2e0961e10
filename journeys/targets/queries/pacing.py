"""How far branches, teams and persons are with their targets, on a day."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from journeys.contact import queries as contact
from journeys.targets.enums import Level, PlanState
from journeys.targets.models import TargetNode, TargetPlan
from journeys.targets.queries.plans import nodes_of
from journeys.targets.rules import measures, pacing
from journeys.targets.rules.measures import Asked, Fact, Measure, Told
from portal.kit import fewest
from portal.staff.models import Staff

Key = TypeVar("Key")
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Standing:
    """How far one is with a target on the day `on`. Of what adds up `days` tell it day by day, and
    `pace` as it stands on that day; a rate is told by month, and for the month of the day by `now`
    beside `target_now`."""

    node: TargetNode
    measure: Measure
    on: dt.date
    days: Sequence[pacing.Day]
    months: dict[dt.date, Told]
    now: Told
    target_now: Decimal | None

    @property
    def pace(self) -> pacing.Pace:
        return pacing.pace_of(self.days, on=self.on, is_ceiling=self.measure.is_less_better)

    @property
    def is_few(self) -> bool:
        """Whether a rate is of so few cases, or so little is due yet, that a percentage would say
        more than is known. What may not be exceeded is told however little it is."""
        if self.measure.is_additive:
            return not self.measure.is_less_better and self.pace.due < fewest.FEWEST
        return self.now.whole < fewest.FEWEST

    @property
    def percent(self) -> Decimal | None:
        """How much of what is due was reached, in %; None where too little is due to say."""
        return None if self.is_few else self.pace.percent

    @property
    def rate(self) -> Decimal | None:
        """The rate of the month, None where it is of too few."""
        return None if self.is_few else self.now.value

    @property
    def is_behind(self) -> bool:
        if self.measure.is_additive:
            return self.pace.is_behind
        if self.rate is None or self.target_now is None:
            return False
        less = self.measure.is_less_better
        return self.rate > self.target_now if less else self.rate < self.target_now


def branch_nodes(branch: Any, *, on: dt.date) -> list[TargetNode]:
    """This will list the nodes of a branch in plans that are in force on a day: of several plans of
    one measure and product the one of the shortest period, of those the latest."""
    return _newest(in_force(on).filter(branch=branch, team=None, staff=None), on)


def person_nodes(staff: Staff, *, on: dt.date) -> list[TargetNode]:
    """This will list a person's nodes in plans that are in force on a day, as for a branch."""
    return _newest(in_force(on).filter(staff=staff), on)


def in_force(on: dt.date, *, known: dt.datetime | None = None) -> QuerySet[TargetNode]:
    """This will find the nodes of plans in force that have a target for the month of a day; with
    `known` of the plans that were in force before that instant."""
    decided = [PlanState.APPROVED, PlanState.REPLACED]
    rows = TargetNode.objects.filter(cells__month=on.replace(day=1))
    if known is None:
        rows = rows.filter(plan__state=PlanState.APPROVED)
    else:
        later = TargetPlan.objects.filter(
            replaces=OuterRef("plan"), state__in=decided, submission__closed_at__lt=known
        )
        rows = rows.filter(
            ~Exists(later), plan__state__in=decided, plan__submission__closed_at__lt=known
        )
    return rows.select_related("plan__branch", "plan__product", "branch", "team", "staff")


_LENGTHS = {"month": 0, "quarter": 1, "year": 2}


def chosen(
    rows: Iterable[TargetNode], key_of: Callable[[TargetNode], Key]
) -> dict[Key, TargetNode]:
    """This will choose of the nodes with one key the one of the shortest period, of those the
    latest; `rows` come in the order of their ids."""
    found: dict[Key, TargetNode] = {}
    for node in rows:
        held = found.get(key := key_of(node))
        if held is None or _LENGTHS[node.plan.period] <= _LENGTHS[held.plan.period]:
            found[key] = node
    return found


def _newest(rows: QuerySet[TargetNode], on: dt.date) -> list[TargetNode]:
    found = chosen(rows.order_by("pk"), lambda node: (node.plan.measure, node.plan.product_id))
    order = {one.code: place for place, one in enumerate(measures.all_measures())}
    nodes = [node for node in found.values() if node.plan.of_measure is not None]
    nodes.sort(key=lambda node: (order[node.plan.measure], node.plan.product_id or 0))
    for node in nodes:
        node.values = dict(node.cells.order_by("month").values_list("month", "value"))
    return nodes


def standings_of(nodes: Sequence[TargetNode], *, on: dt.date) -> list[Standing]:
    """This will tell how far each of these nodes is on a day that is not over yet. Those of one
    plan and level are read together."""
    groups: dict[tuple[int, Level], list[TargetNode]] = {}
    for node in nodes:
        groups.setdefault((node.plan_id, node.level), []).append(node)
    found: dict[int, Standing] = {}
    calendars: dict[int, dict[dt.date, bool]] = {}
    for (plan_id, level), group in groups.items():
        plan = group[0].plan
        measure = plan.of_measure
        if measure is None or level not in measure.levels:
            continue
        if plan_id not in calendars:
            calendars[plan_id] = contact.workdays(first=plan.first_date, end=plan.end_date)
        ids = [node.subject_id for node in group]
        end = min(plan.end_date, on + _DAY)
        facts: dict[int, list[Fact]] = {}
        for fact in measure.read(Asked(level, ids, plan.first_date, end, plan.product_id)):
            facts.setdefault(fact.subject, []).append(fact)
        for node in group:
            mine = facts.get(node.subject_id, [])
            found[node.pk] = _standing(node, measure, mine, calendars[plan_id], on)
    return [found[node.pk] for node in nodes if node.pk in found]


def _standing(
    node: TargetNode,
    measure: Measure,
    facts: Sequence[Fact],
    workdays: dict[dt.date, bool],
    on: dt.date,
) -> Standing:
    by_month: dict[dt.date, list[Fact]] = {}
    for fact in facts:
        by_month.setdefault(fact.day.replace(day=1), []).append(fact)
    months = {month: measures.told(measure, by_month.get(month, [])) for month in node.values}
    this = on.replace(day=1)
    days: list[pacing.Day] = []
    if measure.is_additive:
        made: dict[dt.date, Decimal] = {}
        for fact in facts:
            made[fact.day] = made.get(fact.day, Decimal(0)) + fact.part
        if measure.is_less_better:  # what may not be exceeded comes on any day
            workdays = dict.fromkeys(workdays, True)
        days = pacing.run_up(pacing.aimed_by(node.values, workdays), made, on=on)
    now = months.get(this, measures.told(measure, []))
    return Standing(node, measure, on, days, months, now, node.values.get(this))


def parts_of(node: TargetNode, *, has_people: bool) -> list[TargetNode]:
    """This will list the parts that a node was split into: in its own plan, or in the plan in force
    that derives from it."""
    derived = TargetPlan.objects.filter(derives_from=node, state=PlanState.APPROVED)
    plan = derived.order_by("-pk").first()
    nodes = nodes_of(plan or node.plan)
    root = next((one.pk for one in nodes if one.parent_id is None), 0) if plan else node.pk
    found = [
        one for one in nodes
        if one.parent_id == root and (has_people or one.level != Level.PERSON)
    ]  # fmt: skip
    for one in found:
        one.plan = plan or node.plan
    return found


def goals_of(
    *, staff_ids: Sequence[int], codes: Sequence[str], months: Sequence[dt.date]
) -> dict[tuple[int, str, dt.date], Decimal]:
    """This will return the targets of persons in plans in force, by person, measure and month: of
    several plans as for a branch. Plans of single products are no goal of a scorecard."""
    rows = (
        TargetNode.objects.filter(
            Q(plan__state=PlanState.APPROVED, plan__product=None, plan__measure__in=codes),
            staff__in=staff_ids, cells__month__in=months,
        )
        .order_by("pk")
        .values_list("staff_id", "plan__measure", "cells__month", "plan__period", "cells__value")
    )  # fmt: skip
    found: dict[tuple[int, str, dt.date], tuple[int, Decimal]] = {}
    for staff_id, code, month, period, value in rows:
        key, length = (staff_id, code, month), _LENGTHS[period]
        if key not in found or length <= found[key][0]:
            found[key] = (length, value)
    return {key: value for key, (_length, value) in found.items()}
