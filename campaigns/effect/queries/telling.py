"""What campaigns brought about: both sides compared, the draw and the days before checked, and what
an extra active card cost."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from campaigns.budgets.enums import LimitKind
from campaigns.budgets.models import BudgetLimit
from campaigns.effect import rules
from campaigns.effect.enums import Finding, Known, Measure
from campaigns.effect.models import EffectPlan
from campaigns.effect.queries.counts import Sums, sums_of
from campaigns.effect.queries.plans import fixed, plan_of_campaign
from campaigns.planning.models import CampaignVersion
from merchants.directory import queries as directory

# Of the days before entry: whether a card was in use, and what was spent.
BEFORE = (Measure.ACTIVATION, Measure.SPENDING)


@dataclass(frozen=True)
class Effect:
    """What a campaign brought about: its counts, how its draw came out, each measure, the same of
    the days before entry (the check of the split itself), and what an extra active card cost."""

    plan: EffectPlan
    sums: Sums
    drawn: rules.Drawn
    measures: dict[Measure, rules.Told]
    before: dict[Measure, rules.Told]
    cost: Decimal
    extra: rules.Extra | None = None

    @property
    def main(self) -> rules.Told:
        """The measure that decides: conversion, as it was fixed before."""
        return self.measures[Measure.CONVERSION]

    @property
    def unbalanced(self) -> list[Measure]:
        """In what the sides differed before the campaign could have made them."""
        return [
            measure
            for measure, told in self.before.items()
            if told.lift is not None and told.lift.finding != Finding.OPEN
        ]

    @property
    def has_control(self) -> bool:
        return self.main.known != Known.NO_CONTROL


def effect_of(campaign_id: int) -> Effect | None:
    """This will tell what a campaign brought about; None where nothing is counted of it yet."""
    plan = plan_of_campaign(campaign_id)
    return None if plan is None else effects_of([plan]).get(campaign_id)


def effects_of(plans: Sequence[EffectPlan]) -> dict[int, Effect]:
    """This will tell what campaigns brought about, by campaign; each of them that has a plan."""
    keys = [plan.campaign_id for plan in plans]
    sums, costs = sums_of(keys), _costs(keys)
    return {
        plan.campaign_id: tell(
            plan, sums.get(plan.campaign_id, Sums()), costs.get(plan.campaign_id, Decimal(0))
        )
        for plan in plans
    }


def effects_at(merchant_id: int) -> list[Effect]:
    """This will tell what joint campaigns with a merchant, or one merged into it, brought about,
    the latest first."""
    ids = list(directory.with_aliases(ids=[merchant_id]))
    numbers = [row.number for row in directory.by_id(ids=ids).values()]
    joint = CampaignVersion.objects.filter(content__merchants__has_any_keys=numbers)
    plans = list(fixed(list(joint.values_list("campaign_id", flat=True).distinct())))
    found = effects_of(plans)
    return [found[plan.campaign_id] for plan in plans]


def tell(plan: EffectPlan, sums: Sums, cost: Decimal) -> Effect:
    """This will compare both sides of a campaign by their counts."""
    terms, has_control = plan.rule.terms, bool(sums.percent or sums.held.people)
    drawn = rules.drawn(reached=sums.reached.people, held=sums.held.people, percent=sums.percent)
    how = {"has_control": has_control, "is_as_drawn": drawn.is_as_drawn}
    measures = {
        one: rules.tell(sums.reached.arm(one), sums.held.arm(one), terms, **how) for one in Measure
    }
    before = {
        one: rules.tell(sums.reached.arm_before(one), sums.held.arm_before(one), terms, **how)
        for one in BEFORE
    }
    active, extra = measures[Measure.ACTIVATION].lift, None
    if active is not None:
        extra = rules.extra_cost(cost=cost, people=sums.ever, found=active)
    return Effect(plan, sums, drawn, measures, before, cost, extra)


def _costs(campaign_ids: Collection[int]) -> dict[int, Decimal]:
    """What campaigns were charged with, all parties together: the ledger's sum that the limit of
    the whole campaign keeps."""
    rows = BudgetLimit.objects.filter(
        book__run=None, book__campaign__in=campaign_ids, kind=LimitKind.CAMPAIGN
    )
    spent = rows.values("book__campaign").annotate(cost=Sum("used")).order_by("book__campaign")
    return {row["book__campaign"]: row["cost"] for row in spent}
