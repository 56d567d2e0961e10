"""The statement that decides about a plan's customers, and what the plan brings to it."""

from typing import Any

from campaigns.conditions.rules import statement
from campaigns.planning.rules import plans
from portal.staff import queries as staff


def statement_of(
    plan: plans.Plan, *, with_facts: bool = True, with_turns: bool = False, among: bool = False
) -> statement.Statement:
    """This will return the statement that decides about a plan's customers."""
    return statement.decisions_of(
        plan.rule,
        [tier.asks for tier in plan.rewards.tiers],
        in_branches=bool(plan.branches),
        with_facts=with_facts,
        with_turns=with_turns,
        among=among,
        with_days=with_facts,
    )


def frame_of(plan: plans.Plan) -> dict[str, Any]:
    """This will return the values that a plan brings to its statement beside its conditions."""
    return {
        "products": list(plan.products),
        "issued_from": plan.issued_from,
        "issued_to": plan.issued_to,
        "branches": staff.branch_ids_of(plan.branches) if plan.branches else None,
        "last_day": plan.last_day,
    }
