"""One good row of each model of targets, scorecards and pay, and what their constraints refuse."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Model

from journeys.targets.models import PayCard, Scorecard, TargetNode, TargetPlan
from portal.kit import clock
from portal.models import Branch, Staff
from tests.factories import leads, portal
from tests.factories import targets as made
from tests.project.making import BUILDERS, DAY, INSTANT, insert, lazy, row_of

_PLAN, _NODE, _CELL = "journeys.TargetPlan", "journeys.TargetNode", "journeys.TargetCell"
_RULE, _CARD = "journeys.ScorecardRule", "journeys.Scorecard"
_MEASURE = "journeys.ScorecardMeasure"
_ENTRY, _PAY_CARD, _MONTH = "journeys.PayEntry", "journeys.PayCard", "journeys.PayMonth"


def _plan(**values: Any) -> Model:
    branch = values.pop("branch", None) or portal.BranchFactory()
    owner = values.pop("owner", None) or made.manager(branch)
    return insert(
        _PLAN, values, name="x", measure="cards_issued", is_additive=True, branch=branch,
        owner=owner, period="month", first_date=made.MONTH, basis="x", made_at=INSTANT,
    )  # fmt: skip


def _node(**values: Any) -> Model:
    """A part of the root of a plan."""
    plan = values.pop("plan", None) or row_of(_PLAN)
    root = TargetNode.objects.filter(plan=plan, parent=None).first()
    root = root or TargetNode.objects.create(plan=plan, branch=plan.branch)
    return insert(_NODE, values, plan=plan, parent=root, branch=portal.BranchFactory)


def _cell(**values: Any) -> Model:
    """What the root of a plan aims at."""
    plan = None if "node" in values else row_of(_PLAN)
    node = values.pop("node", None) or TargetNode.objects.create(plan=plan, branch=plan.branch)
    return insert(_CELL, values, node=node, month=made.MONTH, value=Decimal(5))


def _rule(**values: Any) -> Model:
    return insert(
        _RULE, values, effective_date=DAY, margin=Decimal(5), hold_months=12, unused_days=180,
        settle_day=10, source="x",
    )  # fmt: skip


def _bare_card(**values: Any) -> Model:
    made.set_rule()
    branch = values.pop("branch", None) or portal.BranchFactory()
    version = Scorecard.objects.filter(branch=branch).count() + 1
    return insert(
        _CARD, values, name="x", branch=branch, owner=lambda: made.manager(branch), version=version,
        first_date=made.MONTH, point_value=Decimal(10), reason="x", made_at=INSTANT,
    )  # fmt: skip


_OTHERS = (("complaints_upheld", "compliance", 40), ("used_in_time", "risk", 40))


@transaction.atomic
def _card(**values: Any) -> Model:
    """With measures that may be: they are looked at when the transaction ends."""
    card = _bare_card(**values)
    for code, kind, weight in (*_OTHERS, ("quality_mark", "quality", 20)):
        insert(_MEASURE, {}, scorecard=card, measure=code, kind=kind, weight=weight, goal=1)
    return card


@transaction.atomic
def _measure(**values: Any) -> Model:
    """The third measure of a scorecard."""
    card = values.pop("scorecard", None)
    if card is None:
        card = _bare_card()
        for code, kind, weight in _OTHERS:
            insert(_MEASURE, {}, scorecard=card, measure=code, kind=kind, weight=weight, goal=1)
    return insert(
        _MEASURE, values, scorecard=card, measure="cards_issued", kind="volume", weight=20, goal=1
    )


def _entry(**values: Any) -> Model:
    """What a measure earned; with a card that it takes back, that."""
    part = values.get("takes_back")
    if isinstance(part, PayCard):
        return insert(
            _ENTRY, values, staff=part.entry.staff, pay_month=made.NEXT, kind="taken_back",
            measure=part.entry.measure, amount=-part.amount, because="closed", at=INSTANT,
        )  # fmt: skip
    return insert(
        _ENTRY, values, staff=portal.StaffFactory, pay_month=made.MONTH, kind="earned",
        measure=lazy(_MEASURE), actual=Decimal(1), goal=Decimal(1), points=Decimal(1),
        amount=Decimal(10), at=INSTANT,
    )  # fmt: skip


def _pay_card(**values: Any) -> Model:
    return insert(
        _PAY_CARD, values, entry=lazy(_ENTRY), card=lazy("journeys.Card"), amount=Decimal(10)
    )


def _pay_month(**values: Any) -> Model:
    nothing = dict.fromkeys(
        ("carried_in", "earned", "taken_back", "payable", "carried_out"), Decimal(0)
    )
    return insert(
        _MONTH, values, staff=portal.StaffFactory, month=made.MONTH, closed_at=INSTANT, **nothing
    )


def on_plan(_staff: Staff, arguments: dict[str, Any]) -> None:
    """One more node of a plan."""
    row_of(_NODE, plan=TargetPlan.objects.get(pk=arguments["plan_id"]))


def a_closed_month(staff: Staff, _arguments: dict[str, Any]) -> None:
    """A month of somebody of a branch below."""
    branch = portal.BranchFactory(parent=staff.branch)
    row_of(_MONTH, staff=leads.caller(branch))


def in_files(branch: Branch) -> None:
    """A target in force today, and a closed month, of a branch."""
    month = clock.today().replace(day=1)
    made.approved(made.plan(made.manager(branch), period="month", first_date=month))
    row_of(_MONTH, staff=leads.caller(branch))


BUILDERS.update({
    _PLAN: _plan, _NODE: _node, _CELL: _cell, _RULE: _rule, _CARD: _card, _MEASURE: _measure,
    _ENTRY: _entry, _PAY_CARD: _pay_card, _MONTH: _pay_month,
})  # fmt: skip

CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    ("target_plan_said", _PLAN, {"name": ""}),
    ("target_plan_said", _PLAN, {"measure": ""}),
    ("target_plan_said", _PLAN, {"basis": ""}),
    ("target_plan_known", _PLAN, {"period": "week"}),
    ("target_plan_from_a_month", _PLAN, {"first_date": DAY}),
    ("target_plan_version_with_reason", _PLAN, {"why": "x"}),
    ("target_plan_version_with_reason", _PLAN, {"version": 2}),
    ("target_plan_version_with_reason", _PLAN, {"version": 2, "replaces": lazy(_PLAN)}),
    ("target_node_of_one", _NODE, {"team": lazy("portal.Team"), "staff": portal.StaffFactory}),
    ("target_cell_not_negative", _CELL, {"value": Decimal(-1)}),
    ("target_cell_of_a_month", _CELL, {"month": DAY}),
    ("scorecard_rule_bounds", _RULE, {"margin": Decimal(0)}),
    ("scorecard_rule_bounds", _RULE, {"hold_months": 0}),
    ("scorecard_rule_bounds", _RULE, {"unused_days": 0}),
    ("scorecard_rule_bounds", _RULE, {"settle_day": 29}),
    ("scorecard_rule_bounds", _RULE, {"source": ""}),
    ("scorecard_said", _CARD, {"name": ""}),
    ("scorecard_said", _CARD, {"reason": ""}),
    ("scorecard_from_a_month", _CARD, {"first_date": DAY}),
    ("scorecard_point_has_value", _CARD, {"point_value": Decimal(0)}),
    ("scorecard_point_has_value", _CARD, {"point_value": Decimal(10_001)}),
    ("scorecard_measure_known", _MEASURE, {"kind": "moon"}),
    ("scorecard_measure_known", _MEASURE, {"measure": ""}),
    ("scorecard_measure_bounds", _MEASURE, {"weight": Decimal(0)}),
    ("scorecard_measure_bounds", _MEASURE, {"goal": Decimal(-1)}),
    ("scorecard_measure_bounds", _MEASURE, {"floor": 101}),
    ("scorecard_measure_bounds", _MEASURE, {"cap": 99}),
    ("scorecard_measure_bounds", _MEASURE, {"unknown": 101}),
    ("pay_entry_of_its_kind", _ENTRY, {"amount": Decimal(-1)}),
    ("pay_entry_of_its_kind", _ENTRY, {"because": "closed"}),
    ("pay_entry_of_its_kind", _ENTRY, {"points": None}),
    ("pay_entry_of_its_kind", _ENTRY, {"kind": "moon"}),
    ("pay_entry_of_its_kind", _ENTRY, {"kind": "taken_back"}),
    ("pay_entry_of_a_month", _ENTRY, {"pay_month": DAY}),
    ("pay_card_not_negative", _PAY_CARD, {"amount": Decimal(-1)}),
    ("pay_month_adds_up", _MONTH, {"payable": Decimal(1)}),
    ("pay_month_adds_up", _MONTH, {"payable": Decimal(1), "carried_out": Decimal(-1)}),
    ("pay_month_of_a_month", _MONTH, {"month": DAY}),
]
UNIQUES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    ("target_node_once", _NODE, ["plan", "branch"], {}),
    ("target_cell_once", _CELL, ["node", "month"], {}),
    ("scorecard_version_once", _CARD, ["branch", "version"], {}),
    ("scorecard_measure_once", _MEASURE, ["scorecard", "measure"], {}),
    ("pay_entry_earned_once", _ENTRY, ["staff", "pay_month", "measure"], {}),
    ("pay_card_once", _PAY_CARD, ["entry", "card"], {}),
    ("pay_month_once", _MONTH, ["staff", "month"], {}),
]
# The triggers say it first, or it takes more than a row: tests/journeys/targets/test_guards.
ELSEWHERE = {
    "target_plan_submitted", "target_plan_one_in_force", "target_node_one_root",
    "scorecard_state_known", "scorecard_submitted", "scorecard_one_from_a_day",
}  # fmt: skip
ONLY_ADDED_TO = [(_RULE, "source"), (_ENTRY, "because")]
