"""Making a plan of targets: begun, derived, split, changed by hand, and its next version."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.contact import queries as contact
from journeys.targets import queries
from journeys.targets.enums import Level, Period, PlanState
from journeys.targets.models import TargetCell, TargetNode, TargetPlan
from journeys.targets.operations.guards import TargetRefused, locked_plan
from journeys.targets.rules import measures, splitting
from portal.audit import operations as audit
from portal.kit import masking
from portal.staff.enums import Permission
from portal.staff.models import Staff

ONE = Decimal(1)


@transaction.atomic
def make_plan(
    *,
    name: str,
    measure: str,
    product_id: int | None,
    period: str,
    first_date: dt.date,
    total: Decimal,
    basis: str,
    actor: Staff,
    at: dt.datetime,
) -> TargetPlan:
    """This will begin a plan of the person's branch. What adds up is split over the months by their
    workdays, so that these come exactly to `total`; of a rate each month has it. Raises
    TargetRefused."""
    found = _measure(measure, actor)
    if product_id is not None and not found.has_products:
        raise TargetRefused(_("This measure cannot be told for single products."))
    if found.is_additive and total != total.to_integral_value():
        raise TargetRefused(_("A number of things is a whole number."))
    plan = TargetPlan.objects.create(
        name=masking.mask_text(name.strip()), measure=found.code, is_additive=found.is_additive,
        product_id=product_id, branch=actor.branch, owner=actor, period=Period(period),
        first_date=first_date, basis=masking.mask_text(basis.strip()), made_at=at,
    )  # fmt: skip
    _root(plan, _monthly(plan, total))
    _record("targets.planned", plan, actor, at, {"measure": found.code, "total": str(total)})
    return plan


def _measure(code: str, actor: Staff) -> measures.Measure:
    if not actor.may(Permission.EDIT_TARGETS):
        raise TargetRefused(_("Your role makes no plans of targets."))
    found = measures.find_measure(code)
    if found is None:
        raise TargetRefused(_("There is no measure of this name any more."))
    return found


def _monthly(plan: TargetPlan, total: Decimal) -> dict[dt.date, Decimal]:
    months = plan.months
    if not plan.is_additive:
        return dict.fromkeys(months, total)
    workdays = contact.workdays(first=plan.first_date, end=plan.end_date)
    weights = [
        Decimal(sum(is_work for day, is_work in workdays.items() if day.replace(day=1) == month))
        for month in months
    ]
    parts = splitting.split(total, weights, step=ONE)
    return dict(zip(months, parts, strict=True))


def _root(plan: TargetPlan, values: Mapping[dt.date, Decimal]) -> TargetNode:
    root = TargetNode.objects.create(plan=plan, branch=plan.branch)
    _fill({root: values})
    return root


def _fill(given: Mapping[TargetNode, Mapping[dt.date, Decimal]]) -> None:
    TargetCell.objects.bulk_create(
        TargetCell(node=node, month=month, value=value)
        for node, values in given.items()
        for month, value in values.items()
    )


@transaction.atomic
def derive_plan(
    *, node_id: int, name: str, basis: str, actor: Staff, at: dt.datetime
) -> TargetPlan:
    """This will begin a plan that splits further what a plan in force gives the person's branch:
    measure, months and values are those of that node. Where the branch has such a plan in force
    already, as of a version before, it is the next version of that one. Raises TargetRefused."""
    node = TargetNode.objects.select_related("plan", "branch").get(pk=node_id)
    if not node.plan.is_approved:
        raise TargetRefused(_("Only a plan in force can be split further."))
    if node.level != Level.BRANCH or node.branch_id != actor.branch_id:
        raise TargetRefused(_("Only the branch itself splits further what it was given."))
    _measure(node.plan.measure, actor)
    words = masking.mask_text(basis.strip())
    plan = TargetPlan(
        name=masking.mask_text(name.strip()), measure=node.plan.measure,
        is_additive=node.plan.is_additive, product_id=node.plan.product_id, branch=node.branch,
        owner=actor, period=node.plan.period, first_date=node.plan.first_date,
        basis=words, derives_from=node, made_at=at,
    )  # fmt: skip
    if (old := queries.rival_of(plan)) is not None:
        plan.replaces, plan.version, plan.why = old, old.version + 1, words
    plan.save()
    _root(plan, dict(node.cells.values_list("month", "value")))
    _record("targets.derived", plan, actor, at, {"from": node.plan.code})
    return plan


@transaction.atomic
def next_version(*, plan_id: int, why: str, actor: Staff, at: dt.datetime) -> TargetPlan:
    """This will begin the next version of a plan in force, with all that it holds; once approved it
    takes its place. Raises TargetRefused."""
    rows = TargetPlan.objects.select_for_update(of=("self",), no_key=True)
    old = rows.select_related("branch").get(pk=plan_id)
    _measure(old.measure, actor)
    if not old.is_approved:
        raise TargetRefused(_("Only a plan in force has a next version."))
    if old.versions.filter(state__in=[PlanState.DRAFT, PlanState.WAITING]).exists():
        raise TargetRefused(_("Its next version is begun already: go on with that one."))
    plan = TargetPlan.objects.create(
        name=old.name, measure=old.measure, is_additive=old.is_additive,
        product_id=old.product_id, branch=old.branch, owner=actor, period=old.period,
        first_date=old.first_date, basis=old.basis, derives_from_id=old.derives_from_id,
        version=old.version + 1, replaces=old, why=masking.mask_text(why.strip()), made_at=at,
    )  # fmt: skip
    made: dict[int, TargetNode] = {}
    waiting = queries.nodes_of(old)
    while waiting:
        ready = [one for one in waiting if one.parent_id is None or one.parent_id in made]
        waiting = [one for one in waiting if one not in ready]
        for one in ready:
            made[one.pk] = TargetNode.objects.create(
                plan=plan, parent=made.get(one.parent_id or 0), branch_id=one.branch_id,
                team_id=one.team_id, staff_id=one.staff_id,
            )  # fmt: skip
            _fill({made[one.pk]: one.values})
    _record("targets.versioned", plan, actor, at, {"replaces": old.code})
    return plan


@transaction.atomic
def split_node(
    *, node_id: int, level: str, weights: Mapping[int, Decimal], actor: Staff, at: dt.datetime
) -> list[TargetNode]:
    """This will split each month of a node by weights, in place of the parts that it had: to the
    branches below it, its teams or its people, by their ids. What adds up is split exactly, by the
    largest remainder; a rate is handed down as it is to all who have a weight. Raises
    TargetRefused."""
    node, plan = _node(node_id, actor)
    if level not in queries.levels_below(node):
        raise TargetRefused(_("This node cannot be split so."))
    allowed = {one.pk for one in queries.subjects_below(node, Level(level))}
    chosen = {pk: weight for pk, weight in weights.items() if weight > 0 and pk in allowed}
    if not chosen:
        raise TargetRefused(_("Give at least one of them a weight."))
    _clear(node)
    ids = sorted(chosen)
    values: dict[int, dict[dt.date, Decimal]] = {pk: {} for pk in ids}
    for month, value in node.cells.values_list("month", "value"):
        parts = [value] * len(ids)
        if plan.is_additive:
            parts = splitting.split(value, [chosen[pk] for pk in ids], step=ONE)
        for pk, part in zip(ids, parts, strict=True):
            values[pk][month] = part
    found = [
        TargetNode.objects.create(plan=plan, parent=node, **_subject(node, Level(level), pk))
        for pk in ids
    ]
    _fill({part: values[pk] for pk, part in zip(ids, found, strict=True)})
    _record("targets.split", plan, actor, at, {"node": node.pk, "into": len(ids)})
    return found


def _subject(node: TargetNode, level: Level, pk: int) -> dict[str, int]:
    if level == Level.BRANCH:
        return {"branch_id": pk}
    field = "team_id" if level == Level.TEAM else "staff_id"
    return {"branch_id": node.branch_id, field: pk}


def _clear(node: TargetNode) -> None:
    """Take away all that hangs below a node, the lowest first."""
    layers, ids = [], [node.pk]
    while ids:
        ids = list(TargetNode.objects.filter(parent__in=ids).values_list("pk", flat=True))
        layers.append(ids)
    for layer in reversed(layers):
        TargetNode.objects.filter(pk__in=layer).delete()


@transaction.atomic
def set_month(
    *, node_id: int, month: dt.date, value: Decimal, actor: Staff, at: dt.datetime
) -> TargetCell:
    """This will set by hand what a part aims at in a month: never more than what others leave of
    the whole. Raises TargetRefused."""
    node, plan = _node(node_id, actor)
    if node.parent_id is None and plan.derives_from_id is not None:
        raise TargetRefused(_("What the plan above gives is changed there."))
    cell = TargetCell.objects.filter(node=node, month=month).first()
    if cell is None:
        raise TargetRefused(_("The plan has no such month."))
    if plan.is_additive:
        _check_sums(node, month, value)
    cell.value = value
    cell.save(update_fields=["value"])
    _record(
        "targets.set", plan, actor, at, {"node": node.pk, "month": str(month), "to": str(value)}
    )
    return cell


def _check_sums(node: TargetNode, month: dt.date, value: Decimal) -> None:
    if value != value.to_integral_value():
        raise TargetRefused(_("A number of things is a whole number."))
    cells = TargetCell.objects.filter(month=month)
    below = sum(cells.filter(node__parent=node).values_list("value", flat=True), Decimal(0))
    if value < below:
        sentence = _("Its parts have {parts} of it: change these first.")
        raise TargetRefused(sentence.format(parts=below.to_integral_value()))
    if node.parent_id is None:
        return
    whole = cells.get(node=node.parent_id).value
    others = cells.filter(node__parent=node.parent_id).exclude(node=node)
    left = whole - sum(others.values_list("value", flat=True), Decimal(0))
    if value > left:
        sentence = _("Of the whole {left} is left for it, and no more.")
        raise TargetRefused(sentence.format(left=left.to_integral_value()))


def _node(node_id: int, actor: Staff) -> tuple[TargetNode, TargetPlan]:
    rows = TargetNode.objects.select_related("branch", "team", "staff")
    node = rows.filter(pk=node_id).first()
    if node is None:
        raise TargetRefused(_("Somebody split this anew meanwhile: open the plan again."))
    plan = locked_plan(plan_id=node.plan_id, actor=actor)
    node.plan = plan
    return node, plan


def _record(
    action: str, plan: TargetPlan, actor: Staff, at: dt.datetime, changes: dict[str, Any]
) -> None:
    audit.record(action=action, actor=actor, at=at, target=plan, changes=changes)
