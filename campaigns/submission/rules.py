"""What a plan may cost at most."""

from decimal import Decimal

from campaigns.planning.rules.plans import Plan


def most_it_costs(plan: Plan) -> Decimal | None:
    """This will return the most that a plan may cost (CNY), by its budget and its stock; None where
    nothing bounds it."""
    tiers = plan.rewards.tiers
    bounds = [] if plan.budget.total is None else [plan.budget.total]
    if all(tier.stock is not None for tier in tiers):
        bounds.append(sum((tier.value * (tier.stock or 0) for tier in tiers), Decimal(0)))
    return min(bounds, default=None)
