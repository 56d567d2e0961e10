"""What is given instead of a grant that a refund undid, where the highest tier counts alone: the
best of the others that still hold; of points that multiply spending, those of the spending left."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from django.db import transaction

from campaigns.budgets import operations as budgets
from campaigns.planning import queries as planning
from campaigns.planning.enums import TierMode
from campaigns.planning.rules import plans
from campaigns.planning.rules.rewards import Tier
from campaigns.rewards import queries, rules
from campaigns.rewards.enums import AwardAnswer, GrantDoor, LowerAnswer
from campaigns.rewards.models import Grant, GrantReversal, LowerTier
from campaigns.rewards.operations.awarding import award


class _NothingGiven(Exception):
    """Raised where nothing was given, so that nothing stays written of the asking."""


def give_lower(
    reversal: GrantReversal,
    plan: plans.Plan,
    freed: budgets.Line | None,
    *,
    on: dt.date,
    at: dt.datetime,
) -> bool:
    """Where the highest tier counts alone, this will give the best of the others that still hold.

    It was promised together with the one that is taken back, to somebody who reached it on the
    campaign's days: it is given although these are over, and although the version's approval went
    since or another version came; not by a version that was vetoed. What came of it is kept.
    Returns whether what the grant taken back gives back was entered.
    """
    grant = reversal.grant
    if not _others(plan, grant):
        return False
    answer: str = LowerAnswer.VETOED
    given, who = None, None
    if not planning.is_vetoed(grant.version_id):
        answer, who = LowerAnswer.NOT_REACHED, _for_lower(grant, plan, reversal.on_date, on)
    if who is not None:
        answer, given = _ask(grant, plan, who, on, at, freed=freed)
    LowerTier.objects.create(reversal=reversal, answer=answer, grant=given, at=at)
    return who is not None


def give_rest(
    reversal: GrantReversal,
    plan: plans.Plan,
    freed: budgets.Line | None,
    left: Decimal,
    *,
    on: dt.date,
    at: dt.datetime,
) -> bool:
    """Of multiplied points, this will give those anew that the spending left comes to, or another
    tier that still holds, where that is worth more by now: a run would exchange them, and there may
    be none to come. Returns whether what the grant taken back gives back was entered."""
    grant = reversal.grant
    answer: str = LowerAnswer.VETOED
    given = None
    if is_asked := not planning.is_vetoed(grant.version_id):
        given = _better_than_rest(reversal, plan, freed, left, on, at)
        answer = AwardAnswer.GRANTED
        if given is None:
            answer, given = _ask_for_rest(grant, plan, freed, left, at)
    LowerTier.objects.create(reversal=reversal, answer=answer, grant=given, at=at)
    return is_asked


def _ask_for_rest(
    grant: Grant, plan: plans.Plan, freed: budgets.Line | None, left: Decimal, at: dt.datetime
) -> tuple[str, Grant | None]:
    """As of the day of the first grant, and in its branch, since it is that grant put right, so
    that neither a limit nor a card that was closed since stands in the way, and the points expire
    when they would have."""
    place = _place_of(plan, grant)
    branch = freed.branch_id if freed else grant.customer.branch_id
    who = rules.Candidate(
        grant.customer_id, grant.card_id, branch, (place,), {place: left}
    )  # fmt: skip
    return _ask(grant, plan, who, grant.granted_date, at, freed=freed, puts_right=True)


def _better_than_rest(
    reversal: GrantReversal,
    plan: plans.Plan,
    freed: budgets.Line | None,
    left: Decimal,
    on: dt.date,
    at: dt.datetime,
) -> Grant | None:
    """Gives another tier that still holds and is worth more than the rest, as where a condition was
    lost. None where there is none, or none can be had; then nothing is written."""
    grant = reversal.grant
    who = _for_lower(grant, plan, reversal.on_date, on)
    if who is None:
        return None
    rest = _worth(plan.rewards.tiers[_place_of(plan, grant)].for_spending(left))
    worth = zip(who.reached, who.tiers_of(plan.rewards), strict=True)
    better = tuple(place for place, tier in worth if _worth(tier) > rest)
    if not better:
        return None
    try:
        with transaction.atomic():
            _answer, given = _ask(grant, plan, replace(who, reached=better), on, at, freed=freed)
            if given is None:
                raise _NothingGiven
    except _NothingGiven:
        return None
    return given


def _worth(tier: Tier) -> tuple[Decimal, int]:
    return tier.value, tier.points or 0


def _place_of(plan: plans.Plan, grant: Grant) -> int:
    return [tier.code for tier in plan.rewards.tiers].index(grant.reward)


def _others(plan: plans.Plan, grant: Grant) -> Sequence[int]:
    """Where the highest tier counts alone, the tiers that may be given instead: those below, and,
    since they may have come to be worth less, those that multiply spending."""
    if plan.rewards.mode != TierMode.HIGHEST:
        return ()
    own = _place_of(plan, grant)
    return [
        place
        for place, tier in enumerate(plan.rewards.tiers)
        if place < own or (place > own and tier.multiple)
    ]


def _for_lower(grant: Grant, plan: plans.Plan, day: dt.date, on: dt.date) -> rules.Candidate | None:
    """Who is asked for: with the other tiers that held on the day, and, of what they multiply, what
    is left of it now; none that is worth more than what was had. None where there are none."""
    tiers, own = plan.rewards.tiers, _place_of(plan, grant)
    held = [
        place
        for place in _others(plan, grant)
        if queries.failure_of(plan, tiers[place], grant, day) is None
    ]
    spent = {
        place: queries.spent_of(tiers[place], grant, on) for place in held if tiers[place].multiple
    }
    now = {place: tiers[place].for_spending(spent.get(place)) for place in held}
    reached = tuple(
        place
        for place in held
        if (place not in spent or now[place].points)
        and (place < own or now[place].value <= grant.amount)
    )
    if not reached:
        return None
    met = queries.met_on(plan, grant, day)
    branch = grant.customer.branch_id
    return rules.Candidate(grant.customer_id, grant.card_id, branch, reached, spent, met=met)


def _ask(
    grant: Grant,
    plan: plans.Plan,
    who: rules.Candidate,
    on: dt.date,
    at: dt.datetime,
    *,
    freed: budgets.Line | None,
    puts_right: bool = False,
) -> tuple[str, Grant | None]:
    """Asks for tiers instead of a grant that was taken back; the answer and what was given."""
    (one,) = award(
        book=rules.Book(
            grant.campaign_id,
            grant.version_id,
            grant.run_id,
            True,
            GrantDoor.LOWER.value,
            puts_right=puts_right,
        ),
        plan=plan,
        candidates=[who],
        on=on,
        granted_date=on,
        at=at,
        freed=freed,
    )
    if one.answer != AwardAnswer.GRANTED:
        return one.answer, None
    given = queries.grant_of(customer_id=grant.customer_id, campaign_id=grant.campaign_id)
    return one.answer, given
