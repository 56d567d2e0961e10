"""Turning held units into grants: the one place where a flash sale meets the rewards."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from campaigns.eligibility import queries as eligibility
from campaigns.flash import queries
from campaigns.flash.enums import ClaimAnswer, ClaimState
from campaigns.flash.models import FlashClaim, FlashSale
from campaigns.flash.rules import Told, refusal_of
from campaigns.planning import queries as planning
from campaigns.planning.rules import plans
from campaigns.rewards import operations as rewards
from campaigns.rewards import queries as rewards_given
from campaigns.rewards.enums import AwardAnswer, GrantDoor
from campaigns.rewards.rules import Award, Book, Candidate
from portal.kit import clock


@transaction.atomic
def confirm(*, sale: FlashSale, numbers: Sequence[str], at: dt.datetime) -> list[Told]:
    """This will grant what these customers (numbers) hold, and answer each in their order. Asked
    again, it answers the same and grants nothing twice. Held units whose time is over are not
    granted: the answer says so."""
    if planning.gives_nothing(sale.version_id, lock=True):
        return [Told(ClaimAnswer.STOPPED)] * len(numbers)
    if not queries.plan_of(sale).runs_on(clock.bank_day(at)):
        return [Told(ClaimAnswer.CLOSED)] * len(numbers)
    found = queries.hold_standing(sale.pk, numbers)
    told = {who: row.told_at(at) for who, row in found.items()}
    due = [row for who, row in found.items() if told[who].answer == ClaimAnswer.HELD]
    answers = _grant(sale, due, at)
    for who, row in found.items():
        if row.pk in answers:
            told[who] = replace(told[who], answer=answers[row.pk])
    return [told.get(number) or _past(sale, number, at) for number in numbers]


def _past(sale: FlashSale, number: str, at: dt.datetime) -> Told:
    latest = queries.latest_of(sale.pk, number)
    return latest.told_at(at) if latest else Told(ClaimAnswer.NONE)


def _grant(sale: FlashSale, due: Sequence[FlashClaim], at: dt.datetime) -> dict[int, ClaimAnswer]:
    """Gives claims their reward as a run would, within the caller's transaction and all limits,
    and settles those claims; returns the answer about each. Who claimed first comes first."""
    plan = queries.plan_of(sale)
    asked = [claim.customer_id for claim in due]
    control = eligibility.held_out(sale.version.campaign, plan.control_percent, asked)
    refused = {claim.pk: ClaimAnswer.CONTROL for claim in due if claim.customer_id in control}
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
            refused[claim.pk] = refusal_of(one.answer)
    settled = [claim for claim in fitting if claim.pk not in refused]
    FlashClaim.objects.bulk_update(settled, ["state", "settled_at", "grant"])
    return refused | {claim.pk: ClaimAnswer.GRANTED for claim in settled}


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
    met = queries.met_by(sale, [claim.customer_id for claim in claims])
    return rewards.award(
        book=Book(
            sale.version.campaign_id, sale.version_id, sale.run_id, True, GrantDoor.FLASH.value
        ),
        plan=plan,
        candidates=[
            Candidate(
                claim.customer_id, claim.card_id, branches[claim.pk], reached,
                met=met.get(claim.customer_id, ()),
            )
            for claim in claims
        ],
        on=on,
        granted_date=on,
        at=at,
    )  # fmt: skip
