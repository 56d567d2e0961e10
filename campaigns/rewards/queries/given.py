"""Reading what was given, and what it was charged with."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet, Sum

from campaigns.budgets import queries as budgets
from campaigns.budgets.rules import known_until, weights_of
from campaigns.planning import queries as planning
from campaigns.planning.enums import RewardKind
from campaigns.planning.rules import plans
from campaigns.planning.rules.rewards import Rewards, Tier
from campaigns.rewards import rules
from campaigns.rewards.enums import GrantDoor
from campaigns.rewards.models import Grant
from campaigns.rewards.queries import rehearsed
from campaigns.rewards.queries.elsewhere import narrowed
from campaigns.rewards.queries.grouped import group_of, without_held
from campaigns.rewards.queries.persons import sharing
from portal.kit import money

# `on` may be a day of the past: who closed the card since then gets nothing for it any more.
_IN_USE = """
SELECT card.customer_id, COALESCE(card.closed_date <= %(granted_date)s, FALSE)
FROM unnest(%(cards)s::bigint[]) AS asked(id) JOIN journeys_card card USING (id)
WHERE card.activated_date <= %(on)s AND card.first_used_date <= %(on)s
"""
_GIVEN = """
SELECT given.customer_id, given.id, given.version_id, given.slot, given.round, given.reward,
       given.amount, given.points, given.referral_id,
       reversal.id IS NOT NULL
FROM unnest(%(customers)s::bigint[]) AS asked(customer_id)
JOIN campaigns_grant given ON given.customer_id = asked.customer_id
    AND given.campaign_id = %(campaign_id)s AND given.granted_date <= %(until)s
LEFT JOIN campaigns_grantreversal reversal ON reversal.grant_id = given.id
ORDER BY given.id
"""


# Those of the referrals for whose person something stands by another referral, withdrawn or not.
_RECORDED_ANEW = """
SELECT mine.id FROM unnest(%(referrals)s::bigint[]) AS asked(id)
JOIN journeys_referral mine ON mine.id = asked.id
JOIN journeys_referral other ON other.referred_id = mine.referred_id AND other.id <> mine.id
JOIN campaigns_grant given ON given.referral_id = other.id AND given.campaign_id = %(campaign_id)s
    AND given.granted_date <= %(until)s
WHERE NOT EXISTS (SELECT FROM campaigns_grantreversal back WHERE back.grant_id = given.id)
"""


@dataclass(frozen=True)
class Granted:
    """Number and value (CNY) of grants."""

    count: int
    amount: Decimal


def granted_in(run_id: int) -> Granted:
    """This will sum up what a run gave itself: not what flash sales gave to those whom it found to
    qualify, nor what a refund led to later."""
    rows = Grant.objects.filter(run_id=run_id, door=GrantDoor.RUN)
    found = rows.aggregate(count=Count("id"), amount=Sum("amount"))
    return Granted(found["count"], found["amount"] or Decimal("0.00"))


def grants() -> QuerySet[Grant]:
    """This will list the rewards that stand, those given last first."""
    return Grant.objects.filter(reversal=None).order_by("-id")


def holders_of(campaign_id: int) -> tuple[int, Decimal]:
    """This will tell how many customers have rewards of a campaign that stand, and what these are
    worth (CNY)."""
    found = (
        grants()
        .filter(campaign=campaign_id)
        .aggregate(holders=Count("customer", distinct=True), amount=Sum("amount"))
    )
    return found["holders"], found["amount"] or Decimal("0.00")


def reward_of(grant: Grant) -> str:
    """This will name a reward in the reader's language; by its code where the version has no
    name."""
    try:
        tier = plans.plan_of(grant.version.content).rewards.tier(grant.reward)
    except plans.PlanWrong:  # a form of plan that is read no longer
        return grant.reward
    return tier.label if tier else grant.reward


def grant_of(*, customer_id: int, campaign_id: int) -> Grant | None:
    """This will find the reward that a customer has of a campaign; of several the latest."""
    return grants().filter(customer_id=customer_id, campaign_id=campaign_id).first()


def standing_by_customer(
    *, campaign_id: int, reward: str, customer_ids: Sequence[int]
) -> dict[int, int]:
    """This will return the grants of a tier that stand, by customer id."""
    rows = grants().filter(campaign=campaign_id, reward=reward, customer__in=customer_ids)
    return dict(rows.values_list("customer", "pk"))


@dataclass(frozen=True)
class Given:
    """A reward that a customer has of a campaign: by which version, the tier's code, its value."""

    version_id: int
    reward: str
    amount: Decimal


def given_to(*, campaign_id: int, customer_ids: Sequence[int]) -> dict[int, list[Given]]:
    """This will return what customers have of a campaign, by customer id."""
    rows = grants().filter(campaign_id=campaign_id, customer_id__in=customer_ids)
    found: dict[int, list[Given]] = {}
    for customer_id, version_id, reward, amount in rows.order_by("id").values_list(
        "customer_id", "version_id", "reward", "amount"
    ):
        found.setdefault(customer_id, []).append(Given(version_id, reward, amount))
    return found


def told(given: Sequence[Given], tiers: Mapping[tuple[int, str], Tier]) -> dict[str, str]:
    """This will return what a message says of what a customer has: each reward named once, and
    what all are worth."""
    named = [tiers.get((one.version_id, one.reward)) for one in given]
    codes = [one.reward for one in given]
    names = [tier.name if tier else code for tier, code in zip(named, codes, strict=True)]
    english = [tier.name_en if tier else code for tier, code in zip(named, codes, strict=True)]
    amount = money.show(sum((one.amount for one in given), start=rules.NOTHING))
    return {
        "reward": "、".join(dict.fromkeys(names)),
        "reward_en": ", ".join(dict.fromkeys(english)),
        "amount": amount,
    }


def standing_of(
    *,
    campaign_id: int,
    candidates: Sequence[rules.Candidate],
    rewards: Rewards,
    on: dt.date,
    granted_date: dt.date,
    first_date: dt.date | None = None,
    trial: int | None = None,
) -> dict[int, rules.Customer]:
    """This will return what the choice of rewards needs to know about candidates, by customer
    id: is the card in use at the end of `on`, and not closed by `granted_date`, and what was given
    up to then; by the back-test `trial` too. A back-test from `first_date` on gives anew what was
    given from then on: it counts what was given before."""
    customers = [one.customer_id for one in candidates]
    until = known_until(granted_date, first_date)
    values: dict[str, Any] = {
        "campaign_id": campaign_id,
        "cards": [one.card_id for one in candidates],
        "customers": customers,
        "on": on,
        "granted_date": granted_date,
        "until": until,
    }
    in_use, given = _known_of(values)
    if trial is not None:
        given = rehearsed.beside(given, run_id=trial, customer_ids=customers)
    anew = _recorded_anew(campaign_id, candidates, until)
    rounds: dict[int, dict[str, int]] = {}
    rewarded: dict[int, set[int]] = {}
    for customer_id, _pk, _version, slot, number, *_rest, referral_id, _is_reversed in given:
        of_slot = rounds.setdefault(customer_id, {})
        of_slot[slot] = max(number, of_slot.get(slot, 0))
        if referral_id is not None:
            rewarded.setdefault(customer_id, set()).add(referral_id)
    standing: dict[int, list[rules.Standing]] = {}
    reached = {one.customer_id: one.tiers_of(rewards) for one in candidates}
    for customer_id, one in _standing([row for row in given if not row[-1]], reached):
        standing.setdefault(customer_id, []).append(one)
    return {
        one: rules.Customer(
            not in_use.get(one, True),
            tuple(standing.get(one, ())),
            rounds.get(one, {}),
            in_use.get(one, False),
            frozenset(rewarded.get(one, ())) | anew,
        )
        for one in customers
    }


def _known_of(values: Mapping[str, Any]) -> tuple[dict[int, bool], list[Any]]:
    """Whether the cards in use are closed, by customer id, and what was given."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_USE, values)
        in_use = dict(cursor.fetchall())
        cursor.execute(_GIVEN, values)
        return in_use, cursor.fetchall()


def _recorded_anew(
    campaign_id: int, candidates: Sequence[rules.Candidate], until: dt.date
) -> frozenset[int]:
    """The referrals whose person somebody is rewarded for, up to a day, until that is taken
    back."""
    named = sorted({pk for one in candidates for found in one.brought.values() for pk in found})
    if not named:
        return frozenset()
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"referrals": named, "campaign_id": campaign_id, "until": until}
        cursor.execute(_RECORDED_ANEW, values)
        return frozenset(row[0] for row in cursor.fetchall())


def refusals_of(
    *,
    campaign_id: int,
    candidates: Sequence[rules.Candidate],
    plan: plans.Plan,
    on: dt.date,
    granted_date: dt.date,
) -> dict[int, str]:
    """This will tell whom `award` would give nothing even if nothing ever ran out, and why (an
    AwardAnswer), by customer id: it asks and chooses as `award` does."""
    rewards, candidates = plan.rewards, narrowed(plan, candidates, until=None)
    candidates = without_held(group_of(plan), candidates, campaign_id=campaign_id, day=granted_date)
    customers = standing_of(
        campaign_id=campaign_id,
        candidates=candidates,
        rewards=rewards,
        on=on,
        granted_date=granted_date,
    )
    endless = rules.Endless(granted_date)
    found = {
        one.customer_id: rules.choose(rewards, one, customers[one.customer_id], endless)
        for one in candidates
    }
    shared = sharing(campaign_id=campaign_id, candidates=candidates, granted_date=granted_date)
    barred = {
        one.customer_id: refusal
        for one in candidates
        if (refusal := shared.refusal(one, customers[one.customer_id]))
    }
    return {who: answer for who, (answer, gifts) in found.items() if not gifts} | barred


def _standing(
    rows: Sequence[Any], reached: Mapping[int, Sequence[Tier]]
) -> list[tuple[int, rules.Standing]]:
    """The rewards that stand; what they were charged with only where they may be exchanged."""
    known = planning.plans_of({row[2] for row in rows}) if rows else {}
    tiers = {(pk, tier.code): tier for pk, plan in known.items() for tier in plan.rewards.tiers}
    found = []
    for customer, pk, version, slot, number, code, amount, points, *_rest in rows:
        tier = tiers.get((version, code)) or _unknown(code, amount)
        own = rules.as_given(tier, amount, points)
        found.append((customer, rules.Standing(pk, version, slot, number, own)))
    exchangeable = {
        one.grant_id: one
        for who, one in found
        if any(rules.is_better(tier, one.tier) for tier in reached[who])
    }
    if not exchangeable:
        return found
    shares = {pk: weights_of(known[one.version_id].budget.parties)
              for pk, one in exchangeable.items()}  # fmt: skip
    charged = charged_for(shares)
    return [(who, rules.with_charge(one, charged.get(one.grant_id))) for who, one in found]


def charged_for(shares: Mapping[int, Mapping[str, int]]) -> dict[int, rules.Charged]:
    """This will return what grants were charged with, by their id; `shares` are the weights by
    which each was split."""
    if not shares:
        return {}
    booked = budgets.booked_for(list(shares), shares)
    found = {pk: rules.Charged(*charged) for pk, charged in booked.items()}
    return found | rehearsed.charged_for([pk for pk in shares if pk < 0], shares)


def _unknown(code: str, amount: Decimal) -> Tier:
    return Tier(code, RewardKind.GIFT.value, code, code, amount)
