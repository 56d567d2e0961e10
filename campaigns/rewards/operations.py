"""Giving rewards."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from campaigns.planning.enums import TierMode
from campaigns.planning.rules import plans
from campaigns.planning.rules.rewards import Rewards
from campaigns.rewards.enums import AwardAnswer
from campaigns.rewards.rules import Award, Book, Candidate

# A gift before activation and first use is against article 49 of the Measures for the Supervision
# of Credit Card Business (2011): such cards are left out here, and refused by a trigger.
_STANDING = """
SELECT card.customer_id,
    (card.activated_date <= %(on)s AND card.first_used_date <= %(on)s) IS TRUE,
    EXISTS (SELECT FROM campaigns_grant given
            WHERE given.customer_id = card.customer_id AND given.campaign_id = %(campaign_id)s
              AND given.granted_date <= %(granted_date)s)
FROM unnest(%(cards)s::bigint[]) AS asked(id) JOIN journeys_card card USING (id)
"""
_GRANT = """
INSERT INTO campaigns_grant (campaign_id, version_id, run_id, customer_id, card_id, reward, amount,
                             granted_date, granted_at)
SELECT %(campaign_id)s, %(version_id)s, %(run_id)s, one.customer_id, one.card_id, one.reward,
       one.amount, %(granted_date)s, %(at)s
FROM unnest(%(customers)s::bigint[], %(cards)s::bigint[], %(rewards)s::text[],
            %(amounts)s::numeric[]) AS one(customer_id, card_id, reward, amount)
ORDER BY one.customer_id
ON CONFLICT (customer_id, campaign_id) DO NOTHING
RETURNING customer_id
"""


def award(
    *,
    book: Book,
    plan: plans.Plan,
    candidates: Sequence[Candidate],
    on: dt.date,
    granted_date: dt.date,
    at: dt.datetime,
) -> list[Award]:
    """This will give the rewards to candidates in their order, within the caller's transaction,
    and answer about each.

    `on` is the day at whose end the card must be activated and used. Nobody is given anything
    twice by one campaign, whichever of its versions gave it. A book that is not live gives the
    same answers and grants nothing.
    """
    if not candidates:
        return []
    values: dict[str, Any] = {
        "campaign_id": book.campaign_id,
        "cards": [candidate.card_id for candidate in candidates],
        "on": on,
        "granted_date": granted_date,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, values)
        standing = {customer: (used, had) for customer, used, had in cursor.fetchall()}
    awards = [_award(candidate, plan.rewards, *standing[candidate.customer_id])
              for candidate in candidates]  # fmt: skip
    return _grant(book, candidates, awards, granted_date, at) if book.is_live else awards


def _award(candidate: Candidate, rewards: Rewards, is_used: bool, had_before: bool) -> Award:
    if had_before or not is_used:
        answer = AwardAnswer.HAD_BEFORE if had_before else AwardAnswer.NOT_IN_USE
        return Award(candidate.customer_id, answer, (), Decimal("0.00"))
    places = candidate.reached if rewards.mode == TierMode.EACH else candidate.reached[-1:]
    tiers = [rewards.tiers[place] for place in places]
    amount = sum((tier.value for tier in tiers), Decimal("0.00"))
    codes = tuple(tier.code for tier in tiers)
    return Award(candidate.customer_id, AwardAnswer.GRANTED, codes, amount)


def _grant(
    book: Book,
    candidates: Sequence[Candidate],
    awards: Sequence[Award],
    granted_date: dt.date,
    at: dt.datetime,
) -> list[Award]:
    """Somebody else may have granted since the look: the unique key has the last word."""
    cards = {candidate.customer_id: candidate.card_id for candidate in candidates}
    granted = [one for one in awards if one.answer == AwardAnswer.GRANTED]
    values: dict[str, Any] = {
        "campaign_id": book.campaign_id,
        "version_id": book.version_id,
        "run_id": book.run_id,
        "customers": [one.customer_id for one in granted],
        "cards": [cards[one.customer_id] for one in granted],
        "rewards": [one.tiers[-1] for one in granted],
        "amounts": [one.amount for one in granted],
        "granted_date": granted_date,
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_GRANT, values)
        now_given = {row[0] for row in cursor.fetchall()}
    return [
        Award(one.customer_id, AwardAnswer.HAD_BEFORE, (), Decimal("0.00"))
        if one.answer == AwardAnswer.GRANTED and one.customer_id not in now_given
        else one
        for one in awards
    ]
