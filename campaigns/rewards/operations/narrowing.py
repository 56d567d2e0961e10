"""What is left to candidates of the rewards, after what other campaigns and withdrawals took."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from campaigns.groups.rules import Group
from campaigns.planning.rules import plans
from campaigns.rewards import queries, rules
from campaigns.rewards.rules import Book, Candidate
from journeys.contact import operations as contact
from journeys.points import operations as points
from journeys.referrals import queries as referrals


def narrowed(
    book: Book,
    plan: plans.Plan,
    group: Group | None,
    candidates: Sequence[Candidate],
    day: dt.date,
) -> Sequence[Candidate]:
    """This will leave to candidates the tiers that other campaigns' rewards leave to them. Where a
    book is live, they are locked first, so that one sees what the other gave."""
    if book.puts_right:
        return candidates
    if book.is_live:
        _hold_customers(plan, candidates)
    candidates = queries.narrowed(plan, candidates, until=None if book.is_live else day)
    return queries.without_held(group, candidates, campaign_id=book.campaign_id, day=day)


def of_standing_referrals(book: Book, candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """This will leave out of candidates the referrals that were withdrawn since it was decided; of
    the others none is withdrawn before the grants are there."""
    named = {pk for one in candidates for found in one.brought.values() for pk in found}
    if not named:
        return candidates
    stand = referrals.standing(sorted(named), lock=book.is_live)
    return [
        dataclasses.replace(
            one,
            brought={at: tuple(pk for pk in found if pk in stand)
                     for at, found in one.brought.items()},
        )
        for one in candidates
    ]  # fmt: skip


def _hold_customers(plan: plans.Plan, candidates: Sequence[Candidate]) -> None:
    """Locks the candidates, and those who are the same persons under other numbers, where the plan
    names campaigns that rule it out, or an exclusive group. The ledger of points comes first:
    campaigns that name none take it before they lock those whom they tell."""
    if not plan.group and not rules.ruled_out_by(plan):
        return
    if any(rules.credits_points(tier) for tier in plan.rewards.tiers):
        points.hold_ledger()
    contact.lock_customers(queries.numbers_of([one.customer_id for one in candidates]))
