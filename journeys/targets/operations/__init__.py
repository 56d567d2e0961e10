"""Planning targets, writing scorecards, and settling pay."""

from journeys.targets.operations.deciding import (
    CARD_APPROVAL,
    PLAN_APPROVAL,
    card_hash,
    card_unready,
    carry_plan,
    carry_scorecard,
    leave_plan,
    leave_scorecard,
    plan_hash,
    plan_unready,
    submit_plan,
    submit_scorecard,
    withdraw,
)
from journeys.targets.operations.guards import TargetRefused
from journeys.targets.operations.planning import (
    derive_plan,
    make_plan,
    next_version,
    set_month,
    split_node,
)
from journeys.targets.operations.scorecards import Item, write_scorecard
from journeys.targets.operations.settling import close_month, settle_pay

__all__ = [
    "CARD_APPROVAL", "PLAN_APPROVAL", "Item", "TargetRefused", "card_hash", "card_unready",
    "carry_plan", "carry_scorecard", "close_month", "derive_plan", "leave_plan",
    "leave_scorecard", "make_plan", "next_version", "plan_hash", "plan_unready", "set_month",
    "settle_pay", "split_node", "submit_plan", "submit_scorecard", "withdraw", "write_scorecard",
]  # fmt: skip
