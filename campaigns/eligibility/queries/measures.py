"""What a run reaches, to be held against what was approved."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Count, QuerySet

from campaigns.eligibility.enums import ChunkState, Outcome
from campaigns.eligibility.models import Decision, Run
from campaigns.planning import queries as planning
from campaigns.planning.enums import TierMode
from campaigns.planning.rules import drift, plans
from campaigns.planning.rules.rewards import Rewards


def measured(run: Run) -> drift.Measured:
    """This will tell how many qualify in a run whose chunks are decided, those of the run that it
    stands on included, and what the tiers they reach are worth where nothing bounds it. Of the run
    that it stands on, only those are looked at whom it decided about anew."""
    plan, own = planning.plan_of(run.version), Decision.objects.filter(run=run)
    found = _measured(own, plan)
    if run.base is None:
        return found
    base = Decision.objects.filter(run=run.base)
    kept = (run.base.figures or {}).get("measured")
    before = drift.read_measured(kept) if kept else _measured(base, plan)
    anew = _measured(base.filter(customer__in=own.values("customer")), plan)
    return drift.Measured(
        before.audience - anew.audience + found.audience, before.worth - anew.worth + found.worth
    )


def _measured(decisions: QuerySet[Decision], plan: plans.Plan) -> drift.Measured:
    rewards = plan.rewards
    qualified = decisions.filter(outcome=Outcome.QUALIFIED).order_by()
    audience, worth = 0, Decimal("0.00")
    if plan.measures():
        return _measured_by_facts(qualified, plan)
    for reached, count in qualified.values_list("reached").annotate(Count("pk")):
        audience += count
        worth += count * _counted(rewards, [rewards.tiers[place].value for place in reached])
    return drift.Measured(audience, worth)


def _measured_by_facts(qualified: QuerySet[Decision], plan: plans.Plan) -> drift.Measured:
    """Where a tier is measured by a fact, it is worth what that comes to."""
    rewards, places = plan.rewards, plan.measures()
    audience, worth = 0, Decimal("0.00")
    rows = qualified.values_list("reached", "facts").iterator(chunk_size=10_000)
    for reached, facts in rows:
        audience += 1
        tiers = [(at, rewards.tiers[at]) for at in reached]
        values = [
            tier.worth_by(facts[places[at]][1]) if at in places else tier.value
            for at, tier in tiers
        ]
        worth += _counted(rewards, values)
    return drift.Measured(audience, worth)


def _counted(rewards: Rewards, values: Sequence[Decimal]) -> Decimal:
    """What somebody is given of tiers reached that are worth these."""
    if rewards.mode == TierMode.EACH:
        return sum(values, Decimal(0))
    return max(values, default=Decimal(0))


def is_whole(run: Run) -> bool:
    """This will tell whether no part of a run was given up."""
    return not run.chunks.filter(state=ChunkState.FAILED).exists()
