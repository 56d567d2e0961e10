"""Budgets that do not reach as far as what is promised: numbers that can never be given, branches
whose customers can never be given anything."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from campaigns.planning.rules.faults import Fault
from campaigns.planning.rules.plans import Plan
from portal.kit import money


def shortfalls(plan: Plan) -> Iterator[Fault]:
    """This will find where a budget does not reach."""
    yield from _stocks(plan)
    yield from _branches(plan)


def _stocks(plan: Plan) -> Iterator[Fault]:
    """The number of a reward is published: Interim Provisions on Regulating Promotional Activities
    (2020)."""
    for number, tier in enumerate(plan.rewards.tiers):
        own = f"rewards.tiers[{number}].budget"
        limits = {"budget.total": plan.budget.total, own: tier.budget}
        if tier.stock is None or tier.multiple is not None:
            continue
        for name, limit in limits.items():
            if limit is not None and tier.value <= limit < tier.value * tier.stock:
                yield Fault(
                    f"rewards.tiers[{number}].stock",
                    _("{stock} are promised, and {name} is {limit}: {count} can be given at most.")
                    .format(stock=f"{tier.stock:,}", name=name, limit=money.show(limit),
                            count=f"{int(limit // tier.value):,}"),
                    _("Promise fewer, or raise the budget."),
                    is_block=False,
                )  # fmt: skip


def _branches(plan: Plan) -> Iterator[Fault]:
    if any(tier.multiple for tier in plan.rewards.tiers) or not plan.rewards.tiers:
        return  # What follows from spending may be a cent.
    least = min(tier.value for tier in plan.rewards.tiers)
    for code, limit in plan.budget.branches.items():
        if limit < least:
            yield Fault(
                f"budget.branches.{code}",
                _("It is {limit}, and the cheapest reward is worth {value}: customers of this "
                  "branch are never given any.")
                .format(limit=money.show(limit), value=money.show(least)),
                _("Raise it, or let the campaign leave this branch out."),
            )  # fmt: skip
