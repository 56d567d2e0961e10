"""Grants on whose card something was refunded, whether their conditions hold, what was taken
back."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from campaigns.conditions.rules import base, tree
from campaigns.planning import queries as planning
from campaigns.planning.rules import plans
from campaigns.planning.rules.rewards import Tier
from campaigns.rewards import rules
from campaigns.rewards.enums import BY_REFUND, TAKEN_BACK
from campaigns.rewards.models import (
    Grant,
    GrantReversal,
    LowerTier,
    ReversalFailure,
    ToLookAt,
)
from campaigns.rewards.queries.asking import about_card
from portal.staff.access import Scope

# What a campaign that is stopped keeps waiting is left out; nothing younger than the round is read.
_TO_LOOK_AT = """
SELECT id FROM campaigns_tolookat asked
WHERE id > %(after)s AND id <= %(until)s AND due_date <= %(on)s AND NOT EXISTS (
    SELECT FROM campaigns_campaign campaign
    WHERE campaign.id = asked.stopped_campaign AND campaign.stopped_at IS NOT NULL)
ORDER BY id LIMIT %(limit)s
"""
# Refunds are the amounts below zero, and these stand in the index of a card's days; what was bought
# with one card may be given back to another of the customer's. Each row finds its grants by an
# index, whatever the planner thinks of how many there are.
_REFUNDED = """
SELECT asked.id, given.id, run.on_date, COALESCE(refunded.days, '{}'),
       (referral.withdrawn_at AT TIME ZONE 'Asia/Shanghai')::date
FROM campaigns_tolookat asked
CROSS JOIN LATERAL (
    SELECT own.id, own.customer_id, own.run_id, own.referral_id FROM campaigns_grant own
    WHERE own.customer_id = (SELECT customer_id FROM journeys_card WHERE id = asked.card_id)
    UNION ALL
    SELECT own.id, own.customer_id, own.run_id, own.referral_id FROM campaigns_grant own
    WHERE own.id BETWEEN asked.first_grant AND asked.last_grant
    OFFSET 0
) given
CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT posted.posted_date ORDER BY posted.posted_date) AS days
    FROM journeys_transaction posted
    WHERE posted.customer_id = given.customer_id AND posted.amount < 0
      AND posted.posted_date <= %(on)s
    OFFSET 0
) refunded
JOIN campaigns_run run ON run.id = given.run_id
LEFT JOIN journeys_referral referral ON referral.id = given.referral_id
WHERE asked.id = ANY(%(rows)s)
  AND (refunded.days IS NOT NULL OR referral.withdrawn_at IS NOT NULL)
  AND NOT EXISTS (SELECT FROM campaigns_grantreversal back WHERE back.grant_id = given.id)
ORDER BY asked.id, given.id
"""


@dataclass(frozen=True)
class Refunded:
    """A grant that stands, the row to be looked at that names it, the day as of which it was
    decided, the days of refunds, and the day on which the referral that it is for was withdrawn."""

    row: int
    grant: Grant
    decided_date: dt.date
    refund_days: list[dt.date]
    withdrawn_date: dt.date | None = None


def last_to_look_at() -> int:
    """This will return the id of the youngest row that waits to be looked at; 0 where none does."""
    return ToLookAt.objects.aggregate(last=Max("id"))["last"] or 0


def to_look_at(on: dt.date, *, after: int, until: int, limit: int) -> list[int]:
    """This will list the ids of what is to be looked at on a day, the oldest first."""
    values: dict[str, Any] = {"on": on, "after": after, "until": until, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_TO_LOOK_AT, values)
        return [row[0] for row in cursor.fetchall()]


def refunded_grants(rows: Sequence[int], on: dt.date) -> list[Refunded]:
    """This will find the grants that stand, of those that rows to be looked at name, to whose
    customers something was refunded up to `on`, or whose referral was withdrawn."""
    with connection.cursor() as cursor:
        cursor.execute(_REFUNDED, {"rows": list(rows), "on": on})
        named = cursor.fetchall()
    found = Grant.objects.select_related("customer", "version__campaign").in_bulk(
        [pk for _row, pk, *_rest in named]
    )
    return [Refunded(row, found[pk], *rest) for row, pk, *rest in named]


def failure_of(
    plan: plans.Plan, tier: Tier | None, grant: Grant, day: dt.date
) -> rules.Lost | None:
    """This will tell by the very statement that decides whether the card of a grant fails a plan's
    rule, or what a tier needs beyond it, at the end of a day, and how; None where all holds. That
    the card was closed since changes nothing: neither is it a reason, nor is it a way out."""
    lost = _failure(plan, plan.rule, grant, day)
    if lost is not None or tier is None:
        return lost
    asks = rules.undoable(tier)
    if asks is None:
        return None
    further = _failure(plan, asks, grant, day)
    before = len(tree.leaves(plan.rule))
    return further and rules.after(further, before)


def less_to_multiply(
    plan: plans.Plan, tier: Tier, grant: Grant, days: Sequence[dt.date], on: dt.date
) -> rules.Lost | None:
    """This will tell, of a grant of multiplied points whose conditions hold, whether less spending
    is left at the end of `on` than was multiplied: on which of `days` that began, what was found
    then, and the sum that is left; None where it is no less."""
    if tier.asks is None or tier.multiple is None:
        return None
    left = _sum_multiplied(tier.asks, grant, on)
    if (tier.for_spending(left).points or 0) >= (grant.points or 0):
        return None
    for day in [*days, on]:
        sum_then = _sum_multiplied(tier.asks, grant, day)
        if (tier.for_spending(sum_then).points or 0) < (grant.points or 0):
            break
    place = len(tree.leaves(tier.asks)) - 1
    facts = [[None, None]] * place + [[True, str(sum_then)]]
    return rules.after(rules.Lost(day, place, facts, left), len(tree.leaves(plan.rule)))


def spent_of(tier: Tier, grant: Grant, day: dt.date) -> Decimal:
    """This will return the sum (CNY) that a tier multiplies for the card of a grant, as it is at
    the end of a day; 0 where that is too little for the tier."""
    if tier.multiple is None:
        return rules.NOTHING
    _outcome, _failed_at, facts = _decided(tree.Leaf(0, tier.multiple.spending), grant, day)
    is_met, spent = json.loads(facts)[0]
    return Decimal(spent) if is_met else rules.NOTHING


def _sum_multiplied(asks: tree.Node, grant: Grant, day: dt.date) -> Decimal:
    _outcome, _failed_at, facts = _decided(asks, grant, day)
    return Decimal(json.loads(facts)[-1][1])


def _failure(plan: plans.Plan, rule: tree.Node, grant: Grant, day: dt.date) -> rules.Lost | None:
    outcome, failed_at, facts = _decided(rule, grant, day)
    return rules.Lost(day, failed_at, json.loads(facts)) if outcome == "not_qualified" else None


def _decided(rule: tree.Node, grant: Grant, day: dt.date) -> tuple[str, int, str]:
    """What is found about the card of a grant at the end of a day: outcome, first failure and
    facts, as JSON."""
    sql, values = about_card(grant, rule)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT decided.outcome, decided.failed_at, decided.facts::text"
            f" FROM ({sql}) AS decided",
            values | {"on": day},
        )
        row: tuple[str, int, str] = cursor.fetchone()
    return row


def reversals_of(campaign_id: int, *, scope: Scope) -> QuerySet[GrantReversal]:
    """This will list what was taken back in a campaign from customers of a person's branches, the
    latest first; not what was exchanged for a higher tier."""
    return (
        GrantReversal.objects.filter(
            scope.branches("grant__customer__branch"),
            grant__campaign=campaign_id,
            kind__in=TAKEN_BACK,
        )
        .select_related(
            "grant__customer__branch", "grant__card__application", "lower__grant__version"
        )
        .order_by("-at", "-id")
    )


def failures_of(campaign_id: int, *, scope: Scope) -> QuerySet[ReversalFailure]:
    """This will list the grants of a campaign to customers of a person's branches that could not
    be looked at after a refund, those that failed first at the top."""
    return (
        ReversalFailure.objects.filter(
            scope.branches("grant__customer__branch"), grant__campaign=campaign_id
        )
        .select_related("grant__customer")
        .order_by("first_at", "id")
    )


def taken_back(grant_ids: Sequence[int]) -> "dict[int, TakenBack]":
    """This will tell of grants which of them were taken back after a refund, and why, in the
    reader's language; by their ids."""
    rows = (
        GrantReversal.objects.filter(grant__in=grant_ids, kind__in=TAKEN_BACK)
        .select_related("grant__card__application")
        .order_by("id")
    )
    return {one.row.grant_id: one for one in explained(list(rows))}


def lost_by(customer_id: int) -> dict[int, GrantReversal]:
    """This will tell of which campaigns a customer has nothing any more because it was taken back
    after a refund: the latest reversal, by the campaign's id."""
    rows = (
        GrantReversal.objects.filter(grant__customer=customer_id, kind__in=TAKEN_BACK)
        .select_related("grant")
        .order_by("id")
    )
    found = {row.grant.campaign_id: row for row in rows}
    has = Grant.objects.filter(customer=customer_id, reversal=None)
    kept = set(has.values_list("campaign_id", flat=True)) if found else set()
    return {campaign: row for campaign, row in found.items() if campaign not in kept}


@dataclass(frozen=True)
class TakenBack:
    """What was taken back, and the condition that failed: what it is, what there is and is needed;
    and where there are lower tiers, which was given instead, or why none. `is_met` where the
    condition still holds and what it counts is less."""

    row: GrantReversal
    reward: str
    condition: str
    have: str
    need: str
    instead: str = ""
    is_met: bool = False


def explained(rows: Sequence[GrantReversal]) -> list[TakenBack]:
    """This will say in the reader's language why rewards were taken back."""
    known = planning.plans_of({row.grant.version_id for row in rows}) if rows else {}
    return [_explained(row, known[row.grant.version_id]) for row in rows]


def _explained(row: GrantReversal, plan: plans.Plan) -> TakenBack:
    card: Any = row.grant.card
    subject = base.Subject(
        on=row.on_date,
        issued_date=card.issued_date,
        filed_date=card.application and card.application.filed_date,
    )
    tier = plan.rewards.tier(row.grant.reward)
    found = tree.leaves(plan.rule) + (tree.leaves(tier.asks) if tier and tier.asks else [])
    if row.failed_at is None:
        reward = _named(tier, row.grant) if tier else row.grant.reward
        return TakenBack(row, reward, str(row.get_kind_display()), "", "", _instead(row, plan))
    is_met, value = row.facts[row.failed_at]
    condition = found[row.failed_at].condition
    said = None if is_met is None else condition.explain(value, is_met, subject)
    return TakenBack(
        row,
        _named(tier, row.grant) if tier else row.grant.reward,
        condition.short_name(),
        said.have if said else "",
        said.need if said else "",
        _instead(row, plan),
        bool(is_met),
    )


def _instead(row: GrantReversal, plan: plans.Plan) -> str:
    lower: LowerTier | None = getattr(row, "lower", None)
    if lower is None:
        return ""
    given = lower.grant
    if given is None:
        return str(lower.get_answer_display())
    tier = plan.rewards.tier(given.reward)
    return _named(tier, given) if tier else given.reward


def _named(tier: Tier, grant: Grant) -> str:
    """What was given, with the number of points where that follows from spending."""
    if tier.multiple is None:
        return tier.label
    return _("{reward}: {count} points").format(reward=tier.label, count=f"{grant.points:,}")


def history_of(grant: Grant) -> str:
    """This will say in the reader's language that a reward was given instead of a higher one that a
    refund undid, or was taken back itself; empty where neither is so."""
    words = []
    lower: LowerTier | None = getattr(grant, "instead_of", None)
    if lower is not None:
        old = lower.reversal.grant
        plan = plans.plan_of(grant.version.content)
        tier = plan.rewards.tier(old.reward)
        name = _named(tier, old) if tier else old.reward
        words.append(_("instead of {name}, which a refund undid").format(name=name))
    back: GrantReversal | None = getattr(grant, "reversal", None)
    if back is not None and back.kind in TAKEN_BACK:
        said = (
            _("taken back: a refund undid it as of {day}")
            if back.kind in BY_REFUND
            else _("taken back on {day}: {reason}")
        )
        words.append(said.format(day=back.on_date, reason=back.get_kind_display()))
    return " · ".join(words)
