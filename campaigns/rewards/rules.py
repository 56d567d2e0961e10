"""What is asked of the rewards about those who qualify, what they answer, and how it is chosen."""

import datetime as dt
import itertools
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Protocol

from campaigns.budgets.enums import LimitKind
from campaigns.budgets.rules import Booked
from campaigns.conditions.rules import base, history, tree
from campaigns.groups.rules import Held
from campaigns.planning.enums import BY_DIFFERENCE, OF_POINTS, TierMode
from campaigns.planning.rules import persons, plans
from campaigns.planning.rules.rewards import Rewards, Tier
from campaigns.rewards.enums import AwardAnswer, GrantDoor, ReversalKind

NOTHING = Decimal("0.00")
_REFUSALS = {
    LimitKind.STOCK.value: AwardAnswer.STOCK_OUT,
    LimitKind.TIER.value: AwardAnswer.OVER_BUDGET_TIER,
    LimitKind.CAMPAIGN.value: AwardAnswer.OVER_BUDGET_TOTAL,
    LimitKind.DAY.value: AwardAnswer.OVER_BUDGET_DAY,
    LimitKind.BRANCH.value: AwardAnswer.OVER_BUDGET_BRANCH,
    LimitKind.CUSTOMER.value: AwardAnswer.OVER_BUDGET_CUSTOMER,
    LimitKind.PARTY.value: AwardAnswer.OVER_BUDGET_PARTY,
}
TOO_LATE = "too_late"  # what a till says of a gift whose last day of use is over
_MOST_COMBINED = 10  # tiers whose combinations are weighed up; of equal gifts, how many counts


@dataclass(frozen=True)
class Book:
    """On whose account rewards are asked for, and by which door (a GrantDoor). Not live: the same
    answers, nothing granted, but kept by a trial; a back-test has a `first_date`. What puts right a
    grant that was taken back is no new one: what other campaigns gave is not asked again."""

    campaign_id: int
    version_id: int
    run_id: int
    is_live: bool
    door: str = GrantDoor.RUN.value
    puts_right: bool = False
    is_trial: bool = False
    first_date: dt.date | None = None


@dataclass(frozen=True)
class Candidate:
    """One who meets the rule; `reached` are the positions of the tiers reached, ascending; `spent`
    is the sum (CNY) that a tier multiplies, and `brought` the referrals that it counts, in their
    order, by its position. `met` is what was decided of each condition of the rule and of the
    tiers, in the order of the facts; it is needed where the plan names campaigns that rule it out.
    `held` is the other campaign of the group that gave something."""

    customer_id: int
    card_id: int
    branch_id: int
    reached: tuple[int, ...]
    spent: Mapping[int, Decimal] = field(default_factory=dict, hash=False)
    brought: Mapping[int, tuple[int, ...]] = field(default_factory=dict, hash=False)
    met: tuple[bool, ...] = field(default=(), compare=False)
    held: Held | None = None

    def tiers_of(self, rewards: Rewards) -> list[Tier]:
        """This will return the tiers reached, each as this candidate is given it."""
        return [rewards.tiers[at].for_spending(self.spent.get(at)) for at in self.reached]


@dataclass(frozen=True)
class Award:
    """The answer about one candidate (an AwardAnswer): the codes of the tiers given now and their
    value (CNY). For a tier exchanged for a higher one, the value is what is given in addition.
    `parts` is how much of it each party bears, as it was booked, `values` how much of it is each of
    the tiers', `held` the campaign of the group that ruled it out."""

    customer_id: int
    answer: str
    tiers: tuple[str, ...]
    amount: Decimal
    parts: Mapping[str, Decimal] = field(default_factory=dict, compare=False, hash=False)
    values: tuple[Decimal, ...] = field(default=(), compare=False)
    held: Held | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Charged:
    """What a grant was charged with, for a customer of which branch, on which day."""

    branch_id: int
    day: dt.date
    booked: Booked


@dataclass(frozen=True)
class Standing:
    """A reward that a customer has: the tier as the version calls it that granted it. `charged` is
    only there where it may be exchanged, and not for grants from before there were budgets."""

    grant_id: int
    version_id: int
    slot: str
    round: int
    tier: Tier
    charged: Charged | None = None


@dataclass(frozen=True)
class Customer:
    """What is known of a candidate: whether the card is in use, and not closed since; what stands,
    how often each slot was granted, and for which referrals something was ever given."""

    is_in_use: bool = False
    standing: tuple[Standing, ...] = ()
    rounds: Mapping[str, int] = field(default_factory=dict)
    is_closed: bool = False
    rewarded: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Person:
    """For whom a gift is given: the referral, and the gift's place among those for persons."""

    referral_id: int
    place: int


@dataclass(frozen=True)
class Gift:
    """One tier that is given: `slot` and `round` are those of its grant, `instead_of` the grant
    that it is exchanged for, `person` whom it is given for, where it is for one brought."""

    tier: Tier
    slot: str
    round: int
    instead_of: Standing | None = None
    person: Person | None = None

    @property
    def amount(self) -> Decimal:
        """What it is worth beyond what it is exchanged for (CNY)."""
        return self.tier.value - (self.instead_of.tier.value if self.instead_of else NOTHING)


def with_charge(one: Standing, charged: Charged | None) -> Standing:
    """This will add to a reward what it was charged with."""
    return replace(one, charged=charged)


def answer_of(kind: str) -> str:
    """This will return the answer for the kind of limit that refused."""
    return AwardAnswer.TOO_LATE.value if kind == TOO_LATE else _REFUSALS[kind].value


class Till(Protocol):
    """Where gifts are charged."""

    def give(self, gifts: Sequence[Gift]) -> str:
        """This will charge gifts, all or none; it returns the kind of limit that refused, or ""."""
        ...

    def fits(self, gift: Gift) -> bool:
        """This will tell whether a gift could be charged alone."""
        ...


@dataclass(frozen=True)
class Endless:
    """A till that takes whatever can be given on a day: nothing runs out."""

    day: dt.date

    def give(self, gifts: Sequence[Gift]) -> str:
        return TOO_LATE if any(comes_too_late(gift, self.day) for gift in gifts) else ""

    def fits(self, gift: Gift) -> bool:
        return not comes_too_late(gift, self.day)


def comes_too_late(gift: Gift, day: dt.date) -> bool:
    """This will tell whether a gift of a day could not be used any more."""
    return gift.tier.terms is not None and gift.tier.terms.is_over(day)


def choose(
    rewards: Rewards, candidate: Candidate, customer: Customer, till: Till
) -> tuple[str, tuple[Gift, ...]]:
    """This will give a candidate what is best for them of what all limits allow, and return the
    answer with what was given.

    Where the highest tier counts alone, it is the one worth most of those that can be had. Where
    each tier adds, it is all that are missing or, where these do not fit, the set worth most: who
    reaches more is never given less. Who reaches nothing any more had it elsewhere.
    """
    if not customer.standing and not customer.is_in_use:
        return (AwardAnswer.CLOSED if customer.is_closed else AwardAnswer.NOT_IN_USE).value, ()
    if not customer.standing and not candidate.reached:
        why = AwardAnswer.OTHER_OF_GROUP if candidate.held else AwardAnswer.HAD_ELSEWHERE
        return why.value, ()
    refused = ""
    found = _choices(rewards, candidate, customer, till) if customer.is_in_use else ()
    for gifts in found:
        refusal = till.give(gifts)
        if not refusal:
            return AwardAnswer.GRANTED.value, gifts
        refused = refused or refusal
    if customer.standing or not refused:
        return AwardAnswer.HAD_BEFORE.value, ()
    return answer_of(refused), ()


def _choices(
    rewards: Rewards, candidate: Candidate, customer: Customer, till: Till
) -> Iterator[tuple[Gift, ...]]:
    """What a candidate may be given, the best first."""
    tiers = candidate.tiers_of(rewards)
    if rewards.mode == TierMode.EACH:
        each = zip(candidate.reached, tiers, strict=True)
        gifts = [gift for at, tier in each for gift in _gifts(at, tier, candidate, customer)]
        yield from _sets(gifts, customer, till)
    else:
        yield from _single(tiers, customer)


def _gifts(at: int, tier: Tier, candidate: Candidate, customer: Customer) -> list[Gift]:
    """What a tier that was reached gives beyond what one has, where each adds: itself, what it
    multiplies since, or one for each person brought for whom nothing was given yet, as far as
    places are free."""
    if tier.for_each is None:
        had = next((one for one in customer.standing if one.slot == tier.code), None)
        if had is None:
            return [Gift(tier, tier.code, _round(customer, tier.code))]
        is_more = tier.multiple is not None and is_better(tier, had.tier)
        return [Gift(tier, had.slot, had.round + 1, had)] if is_more else []
    taken = [place for one in customer.standing if (place := persons.place_of(one.slot))]
    new = [one for one in candidate.brought.get(at, ()) if one not in customer.rewarded]
    return [
        Gift(tier, slot, _round(customer, slot), person=Person(referral, place))
        for referral, place in zip(new, tier.for_each.free_places(taken), strict=False)
        for slot in (persons.slot_of(tier.code, place),)
    ]


def _sets(gifts: Sequence[Gift], customer: Customer, till: Till) -> Iterator[tuple[Gift, ...]]:
    # A campaign that once counted the highest tier alone holds its grants in the slot "".
    if not gifts or any(one.slot == "" for one in customer.standing):
        return
    yield tuple(gifts)
    if len(gifts) == 1:
        return
    fitting = sorted((gift for gift in gifts if till.fits(gift)), key=lambda gift: -gift.amount)
    equal: dict[str, list[Gift]] = {}
    for gift in fitting:
        equal.setdefault(gift.tier.code, []).append(gift)
    groups = sorted(equal.values(), key=lambda group: -_worth(group))[:_MOST_COMBINED]
    taken = itertools.product(*([group[:n] for n in range(len(group), -1, -1)] for group in groups))
    sets = [tuple(gift for part in parts for gift in part) for parts in taken]
    yield from sorted(filter(None, sets), key=lambda one: (-_worth(one), len(one)))


def _worth(gifts: Sequence[Gift]) -> Decimal:
    return sum((gift.amount for gift in gifts), NOTHING)


def _single(tiers: Sequence[Tier], customer: Customer) -> Iterator[tuple[Gift, ...]]:
    had = customer.standing[0] if customer.standing else None
    for tier in sorted(reversed(tiers), key=lambda one: (-one.value, -(one.points or 0))):
        if had is None:
            yield (Gift(tier, "", _round(customer, "")),)
        elif len(customer.standing) == 1 and had.slot == "" and is_better(tier, had.tier):
            yield (Gift(tier, "", had.round + 1, had),)


def _round(customer: Customer, slot: str) -> int:
    at = persons.place_of
    place = at(slot)
    same = {slot} if place is None else {one for one in customer.rounds if at(one) == place}
    return max((customer.rounds.get(one, 0) for one in same), default=0) + 1


def can_be_exchanged(tier: Tier) -> bool:
    """This will tell whether a tier may be exchanged for a higher one: it is money in an account,
    of which the difference can be given. A gift or benefit may have been handed over already, and
    stays the one it was."""
    return tier.kind in BY_DIFFERENCE


def is_better(tier: Tier, had: Tier) -> bool:
    """This will tell whether somebody who has `had` is given the difference to `tier`: of the
    same kind and worth more, or, where both are points, fixed or by spending, more of them that are
    worth no less."""
    if tier.kind in OF_POINTS and had.kind in OF_POINTS:
        return (tier.points or 0) > (had.points or 0) and tier.value >= had.value
    return can_be_exchanged(had) and tier.kind == had.kind and tier.value > had.value


def ruled_out_by(plan: plans.Plan) -> frozenset[str]:
    """This will return the codes of the campaigns whose rewards may rule out those of a plan."""
    return frozenset(
        code for leaf in _conditions(plan) for code in _campaigns_of(leaf.condition) or ()
    )


def still_reached(plan: plans.Plan, candidate: Candidate, had: Collection[str]) -> tuple[int, ...]:
    """This will return which of the tiers reached a candidate still reaches, now that the campaigns
    `had` have given him something, before it was decided or since.

    Whether a campaign gave something is all that is asked anew; of every other condition what was
    decided stands. So a rule that holds all the same, by another branch of an `any`, or because it
    asks for such a reward, refuses nobody. Of whom it is not known what was decided, a reward that
    the plan names refuses all.
    """
    if not had:
        return candidate.reached
    found = _conditions(plan)
    if len(candidate.met) != len(found):
        return ()
    met = [
        is_met if (named := _campaigns_of(leaf.condition)) is None else not set(named) & set(had)
        for leaf, is_met in zip(found, candidate.met, strict=True)
    ]
    if not tree.holds(plan.rule, met):
        return ()
    needs = [tier.asks for tier in plan.rewards.tiers]
    asked = iter(tree.in_line(plan.rule, needs))
    holding = {at for at, one in enumerate(needs) if one is None or tree.holds(next(asked), met)}
    return tuple(place for place in candidate.reached if place in holding)


def _conditions(plan: plans.Plan) -> list[tree.Leaf]:
    """The conditions of a plan in the order of a decision's facts."""
    asked = tree.in_line(plan.rule, [tier.asks for tier in plan.rewards.tiers])
    return [leaf for node in (plan.rule, *asked) for leaf in tree.leaves(node)]


def _campaigns_of(condition: base.Condition) -> tuple[str, ...] | None:
    return condition.campaigns if isinstance(condition, history.NotInCampaign) else None


def undoable(tier: Tier) -> tree.Node | None:
    """This will return what a tier asks beyond the rule that refunds may undo. None undoes that
    somebody was brought."""
    return tier.asks if tier.multiple else tier.needs


@dataclass(frozen=True)
class Lost:
    """A condition that fails at the end of `day`: its position, and what each condition found.
    `left` is the sum (CNY) that a tier still multiplies, where only that came to be less. None
    failed where a person was brought by somebody else: that was found out on `day`."""

    day: dt.date
    failed_at: int | None
    facts: list[Any]
    left: Decimal | None = None

    @property
    def kind(self) -> str:
        if self.failed_at is None:
            return ReversalKind.NOT_BROUGHT.value
        less = self.left is not None
        return (ReversalKind.LESS_SPENT if less else ReversalKind.CONDITION_LOST).value


def read_met(written: str) -> tuple[bool, ...]:
    """This will read which conditions were met; `written` is JSON, or empty."""
    return tuple(json.loads(written)) if written else ()


def credits_points(tier: Tier) -> bool:
    """This will tell whether a tier credits points."""
    return tier.kind in OF_POINTS


def points_of(tier: Tier) -> int | None:
    """This will return the points that a tier credits; None where it gives something else."""
    return tier.points if credits_points(tier) else None


def as_given(tier: Tier, amount: Decimal, points: int | None) -> Tier:
    """This will return a tier as it was given: of points that follow spending, that many."""
    if tier.multiple is None:
        return tier
    return replace(tier, value=amount, points=points)


def after(lost: Lost, conditions: int) -> Lost:
    """This will number what a tier needs behind the conditions of the rule, which all hold."""
    facts = [[None, None]] * conditions + lost.facts
    return replace(lost, failed_at=(lost.failed_at or 0) + conditions, facts=facts)


def days_to_look_at(decided: dt.date, refunds: Sequence[dt.date]) -> list[dt.date]:
    """This will list the days on which refunds may have undone a grant: the day as of which it
    was decided for those posted up to then, which came later, and the days of the others."""
    late = [decided] if any(day <= decided for day in refunds) else []
    return late + sorted(day for day in set(refunds) if day > decided)
