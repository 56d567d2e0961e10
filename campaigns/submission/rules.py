"""What a plan may cost at most, and what a message text may hold."""

from decimal import Decimal

from campaigns.planning.rules import touch_linting
from campaigns.planning.rules.plans import Plan
from journeys.outreach import rules as outreach

# What runs and touch plans bring for the texts of their messages; the check of a plan says which of
# them fit there.
VARIABLES = touch_linting.VARIABLES


def most_it_costs(plan: Plan) -> Decimal | None:
    """This will return the most that a plan may cost (CNY), by its budget and its stock; None where
    nothing bounds it."""
    tiers = plan.rewards.tiers
    bounds = [] if plan.budget.total is None else [plan.budget.total]
    if all(tier.stock is not None for tier in tiers):
        bounds.append(sum((tier.value * (tier.stock or 0) for tier in tiers), Decimal(0)))
    return min(bounds, default=None)


def unknown_variables(*texts: str) -> list[str]:
    """This will list the variables of texts that no run brings. Raises outreach's BadTemplate."""
    return outreach.unknown_variables(VARIABLES, *texts)
