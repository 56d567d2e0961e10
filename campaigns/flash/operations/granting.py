"""Turning held units into grants: the one place where a flash sale meets the rewards."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import F

from campaigns.eligibility.rules import is_control
from campaigns.flash import queries
from campaigns.flash.enums import ClaimAnswer, ClaimState
from campaigns.flash.models import FlashClaim, FlashSale
from campaigns.flash.rules import Told
from campaigns.planning import queries as planning
from campaigns.planning.rules import plans
from campaigns.rewards import operations as rewards
from campaigns.rewards import queries as rewards_given
from campaigns.rewards.enums import AwardAnswer
from campaigns.rewards.rules import Award, Book, Candidate
from portal.kit import clock

_REFUSED = {
    AwardAnswer.NOT_IN_USE.value: ClaimAnswer.NOT_IN_USE,
    AwardAnswer.CLOSED.value: ClaimAnswer.NOT_IN_USE,
    AwardAnswer.HAD_BEFORE.value: ClaimAnswer.HAD_BEFORE,
    AwardAnswer.STOCK_OUT.value: ClaimAnswer.SOLD_OUT,
}


@transaction.atomic
def confirm(*, sale: FlashSale, numbers: Sequence[str], at: dt.datetime) -> list[Told]:
    """This will grant what these customers (numbers) hold, and answer each in their order. Asked
    again, it answers the same and grants nothing twice. Held units whose time is over are not
    granted: the answer says so."""
    if planning.gives_nothing(sale.version_id, lock=True):
        return [Told(ClaimAnswer.STOPPED)] * len(numbers)
    if not queries.plan_of(sale).runs_on(clock.bank_day(at)):
        return [Told(ClaimAnswer.CLOSED)] * len(numbers)
    rows = (
        FlashClaim.objects.select_for_update(of=("self",))
        .filter(sale=sale.pk, customer__number__in=list(numbers))
        .exclude(state=ClaimState.EXPIRED)
        .order_by("pk")
        .annotate(who=F("customer__number"))
    )
    found = {row.who: row for row in rows}
    due = [row for row in found.values() if row.answer_at(at) == ClaimAnswer.HELD]
    refused = _grant(sale, due, at)
    return [_told(sale, number, found.get(number), refused, at) for number in numbers]


def _told(
    sale: FlashSale,
    number: str,
    claim: FlashClaim | None,
    refused: dict[int, ClaimAnswer],
    at: dt.datetime,
) -> Told:
    if claim is None:
        latest = queries.latest_of(sale.pk, number)
        return told_of(latest, at=at) if latest else Told(ClaimAnswer.NONE)
    told = told_of(claim, at=at)
    return replace(told, answer=refused[claim.pk]) if claim.pk in refused else told


def told_of(claim: FlashClaim, *, at: dt.datetime) -> Told:
    """This will say how a claim stands."""
    return Told(claim.answer_at(at), claim.pk, claim.number, claim.held_until)


def _grant(sale: FlashSale, due: Sequence[FlashClaim], at: dt.datetime) -> dict[int, ClaimAnswer]:
    """Gives claims their reward as a run would, within the caller's transaction and all limits,
    and settles those claims; returns why the others cannot be granted. Who claimed first comes
    first."""
    plan = queries.plan_of(sale)
    code, percent = sale.version.campaign.code, plan.control_percent
    refused = {
        claim.pk: ClaimAnswer.CONTROL
        for claim in due
        if is_control(code, claim.customer_id, percent)
    }
    fitting = [claim for claim in due if claim.pk not in refused]
    awards = _award(sale, plan, fitting, at)
    granted = [one.customer_id for one in awards if one.answer == AwardAnswer.GRANTED]
    given = rewards_given.standing_by_customer(
        campaign_id=sale.version.campaign_id, reward=sale.tier, customer_ids=granted
    )
    for claim, one in zip(fitting, awards, strict=True):
        if claim.customer_id in given:
            claim.state, claim.settled_at = ClaimState.GRANTED, at
            claim.grant_id = given[claim.customer_id]
        else:
            refused[claim.pk] = _REFUSED.get(one.answer, ClaimAnswer.OVER_BUDGET)
    settled = [claim for claim in fitting if claim.pk not in refused]
    FlashClaim.objects.bulk_update(settled, ["state", "settled_at", "grant"])
    return refused


def _award(
    sale: FlashSale, plan: plans.Plan, claims: Sequence[FlashClaim], at: dt.datetime
) -> list[Award]:
    on = clock.bank_day(at)
    reached = (queries.place_of(sale),)
    branches = dict(
        FlashClaim.objects.filter(pk__in=[claim.pk for claim in claims]).values_list(
            "pk", "customer__branch"
        )
    )
    return rewards.award(
        book=Book(sale.version.campaign_id, sale.version_id, sale.run_id, is_live=True),
        plan=plan,
        candidates=[
            Candidate(claim.customer_id, claim.card_id, branches[claim.pk], reached)
            for claim in claims
        ],
        on=on,
        granted_date=on,
        at=at,
    )
