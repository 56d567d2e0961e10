"""Reading plans of targets: lists, the tree of one with what is left unassigned, and who may be
given a part."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from journeys.targets.enums import Level, PlanState
from journeys.targets.models import TargetCell, TargetNode, TargetPlan
from journeys.targets.rules import splitting
from journeys.targets.rules.measures import Asked
from portal.staff import queries as staff_queries
from portal.staff.access import Scope
from portal.staff.enums import Role
from portal.staff.models import Staff


@dataclass(frozen=True)
class Row:
    """A node of a plan in the order of the tree, so deep. `unassigned` is what its parts leave of
    it, None where it has none, or where parts do not add up."""

    node: TargetNode
    depth: int
    values: dict[dt.date, Decimal]
    unassigned: Decimal | None

    @property
    def total(self) -> Decimal:
        return sum(self.values.values(), Decimal(0))

    @property
    def cells(self) -> list[Decimal]:
        """Its months in turn."""
        return [self.values[month] for month in sorted(self.values)]

    @property
    def has_parts(self) -> bool:
        return self.unassigned is not None


@dataclass(frozen=True)
class Subject:
    """Somebody who may be given a part, and how much to begin with."""

    pk: int
    label: str
    weight: Decimal


def list_plans(*, scope: Scope, state: str = "", measure: str = "") -> QuerySet[TargetPlan]:
    """This will list the plans of a scope, the latest first."""
    rows = TargetPlan.objects.filter(scope.branches()).select_related("branch", "product", "owner")
    if state:
        rows = rows.filter(state=state)
    if measure:
        rows = rows.filter(measure=measure)
    return rows.order_by("-first_date", "-pk")


def one_plan(*, scope: Scope, plan_id: int) -> TargetPlan | None:
    """This will return a plan of a scope."""
    rows = TargetPlan.objects.filter(scope.branches(), pk=plan_id).select_related(
        "branch", "product", "owner", "replaces", "derives_from__plan", "submission__maker"
    )
    return rows.first()


def one_node(*, scope: Scope, node_id: int) -> TargetNode | None:
    """This will return a node of a plan whose branch is within a scope."""
    rows = TargetNode.objects.filter(scope.branches(), pk=node_id)
    found = rows.select_related("plan__branch", "plan__product", "branch", "team", "staff").first()
    if found is not None:
        found.values = dict(found.cells.order_by("month").values_list("month", "value"))
    return found


def nodes_of(plan: TargetPlan) -> list[TargetNode]:
    """This will return the nodes of a plan with their values, a node before its parts."""
    rows = TargetNode.objects.filter(plan=plan).select_related("branch", "team", "staff")
    nodes = list(rows.order_by("pk"))
    values: dict[int, dict[dt.date, Decimal]] = {node.pk: {} for node in nodes}
    cells = TargetCell.objects.filter(node__plan=plan).order_by("node", "month")
    for node_id, month, value in cells.values_list("node_id", "month", "value"):
        values[node_id][month] = value
    for node in nodes:
        node.values = values[node.pk]
    return nodes


def tree_of(plan: TargetPlan, *, has_people: bool = True) -> list[Row]:
    """This will return the nodes of a plan in the order of its tree; without its people for those
    who see none, whose parts then count as assigned."""
    below: dict[int | None, list[TargetNode]] = {}
    for node in nodes_of(plan):
        below.setdefault(node.parent_id, []).append(node)
    for parts in below.values():
        parts.sort(key=_place)
    found: list[Row] = []

    def walk(node: TargetNode, depth: int) -> None:
        parts = below.get(node.pk, [])
        left = None
        if parts and plan.is_additive:
            left = node.total - sum((part.total for part in parts), Decimal(0))
        found.append(Row(node, depth, node.values, left))
        for part in parts:
            if has_people or part.level != Level.PERSON:
                walk(part, depth + 1)

    for root in below.get(None, []):
        walk(root, 0)
    return found


def _place(node: TargetNode) -> tuple[str, str, str, int]:
    team, staff = node.team, node.staff
    return (node.branch.path, team.code if team else "", staff.name if staff else "", node.pk)


def snapshot_of(plan: TargetPlan) -> dict[str, Any]:
    """This will return what is approved of a plan."""
    nodes = nodes_of(plan)
    names = {node.pk: _key(node) for node in nodes}
    return {
        "plan": {
            "name": plan.name, "measure": plan.measure, "branch": plan.branch.code,
            "product": plan.product.code if plan.product else "", "period": plan.period,
            "first": plan.first_date.isoformat(), "last": plan.last_day.isoformat(),
            "basis": plan.basis, "version": plan.version, "why": plan.why,
            "derives_from": plan.derives_from.plan.code if plan.derives_from else "",
            "is_additive": plan.is_additive,
        },
        "nodes": [
            {
                "of": names[node.pk], "under": names.get(node.parent_id or 0, ""),
                "values": {month.isoformat(): str(one) for month, one in node.values.items()},
            }
            for node in nodes
        ],
    }  # fmt: skip


def _key(node: TargetNode) -> str:
    if node.staff is not None:
        return f"person:{node.staff.staff_number}"
    return f"team:{node.team.code}" if node.team is not None else f"branch:{node.branch.code}"


def levels_below(node: TargetNode) -> list[Level]:
    """This will list at which levels a node's measure may be split on."""
    found = {
        Level.BRANCH: [Level.BRANCH, Level.TEAM, Level.PERSON],
        Level.TEAM: [Level.PERSON],
        Level.PERSON: [],
    }[node.level]
    measure = node.plan.of_measure
    return [level for level in found if measure is not None and level in measure.levels]


def subjects_below(node: TargetNode, level: Level) -> list[Subject]:
    """This will list to whom a node may be split at a level: the branches right below it, its
    teams, or its telemarketers at work; each with the weight to begin with: what it had of the
    measure in the twelve months before the plan, or one each where nobody had any."""
    rows: list[Any]
    if level == Level.BRANCH:
        rows = staff_queries.branches_right_below(node.branch_id)
    elif level == Level.TEAM:
        rows = list(_teams(node))
    else:
        people = Staff.objects.filter(role=Role.TELEMARKETER, is_active=True)
        where = Q(team=node.team_id) if node.team_id else Q(branch=node.branch_id)
        rows = list(people.filter(where).order_by("name", "pk"))
    weights = _weights(node.plan, level, [row.pk for row in rows])
    return [Subject(row.pk, str(row), weights[row.pk]) for row in rows]


def _teams(node: TargetNode) -> QuerySet[Any]:
    model: Any = TargetNode._meta.get_field("team").related_model
    return model.objects.filter(branch=node.branch_id).order_by("code")


def _weights(plan: TargetPlan, level: Level, ids: Sequence[int]) -> dict[int, Decimal]:
    measure, one = plan.of_measure, Decimal(1)
    if measure is None or not measure.is_additive:
        return dict.fromkeys(ids, one)
    start = splitting.months_of(plan.first_date.replace(year=plan.first_date.year - 1), 1)[0]
    asked = Asked(level, ids, start, plan.first_date, plan.product_id)
    sums = dict.fromkeys(ids, Decimal(0))
    for fact in measure.read(asked):
        sums[fact.subject] += fact.part
    return sums if any(sums.values()) else dict.fromkeys(ids, one)


def rival_of(plan: TargetPlan) -> TargetPlan | None:
    """This will return the plan in force whose place another one would take without replacing
    it."""
    rows = TargetPlan.objects.filter(
        state=PlanState.APPROVED, measure=plan.measure, branch=plan.branch, product=plan.product,
        period=plan.period, first_date=plan.first_date,
    ).exclude(pk__in=[plan.pk or 0, plan.replaces_id or 0])  # fmt: skip
    return rows.first()


def plans_derived(plan: TargetPlan) -> list[TargetPlan]:
    """This will list the plans that derive from nodes of a plan and are not replaced."""
    rows = TargetPlan.objects.filter(derives_from__plan=plan).exclude(state=PlanState.REPLACED)
    return list(rows.select_related("branch").order_by("branch__path", "pk"))
