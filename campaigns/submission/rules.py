"""What a plan may cost at most, and how two plans differ."""

from collections.abc import Sequence
from dataclasses import dataclass
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


def amount(text: str) -> Decimal:
    """This will read an amount (CNY) as a snapshot keeps it."""
    return Decimal(text)


@dataclass(frozen=True)
class Change:
    """What a plan says otherwise than the one before, under one label; empty where it said, or
    says, nothing."""

    label: str
    before: tuple[str, ...]
    now: tuple[str, ...]


def changes(before: Sequence[tuple[str, str]], now: Sequence[tuple[str, str]]) -> list[Change]:
    """This will list the lines (label, text) that only one of two plans has, by their label in the
    order of the one that is new."""
    found = []
    for label in dict.fromkeys(name for name, _text in [*now, *before]):
        old = [text for name, text in before if name == label]
        new = [text for name, text in now if name == label]
        gone = tuple(text for text in old if text not in new)
        come = tuple(text for text in new if text not in old)
        if gone or come:
            found.append(Change(label, gone, come))
    return found
