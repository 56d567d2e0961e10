"""Turning held units into grants: the one place where a flash sale meets the rewards."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.db import connection, transaction
from django.db.models import F

from campaigns.flash import queries
from campaigns.flash.enums import ClaimAnswer, ClaimState
from campaigns.flash.models import FlashClaim, FlashSale
from campaigns.flash.rules import Told
from campaigns.planning import queries as planning
from campaigns.planning.rules import plans
from campaigns.rewards.models import Grant
from portal.kit import clock

# Locked, so that the trigger on grants finds what was found here.
_IN_USE = """
SELECT card.id FROM journeys_card card
WHERE card.id = ANY(%s) AND card.activated_date <= %s AND card.first_used_date <= %s
ORDER BY card.id FOR SHARE
"""


@transaction.atomic
def confirm(*, sale: FlashSale, numbers: Sequence[str], at: dt.datetime) -> list[Told]:
    """This will grant what these customers (numbers) hold, and answer each in their order. Asked
    again, it answers the same and grants nothing twice. Held units whose time is over are not
    granted: the answer says so."""
    if planning.is_stopped(sale.version.campaign_id, lock=True):
        return [Told(ClaimAnswer.STOPPED)] * len(numbers)
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
    """Writes the grants of claims within the caller's transaction and settles those claims;
    returns why the others cannot be granted.

    The sale's units were counted against the tier's stock when it was arranged, so that nothing is
    asked here but the card (article 49) and whether the campaign gave to this customer meanwhile.
    """
    on = clock.bank_day(at)
    tier = plans.plan_of(sale.version.content).rewards.tiers[_place_of(sale)]
    with connection.cursor() as cursor:
        cursor.execute(_IN_USE, [[claim.card_id for claim in due], on, on])
        in_use = {row[0] for row in cursor.fetchall()}
    refused = {claim.pk: ClaimAnswer.NOT_IN_USE for claim in due if claim.card_id not in in_use}
    fitting = [claim for claim in due if claim.card_id in in_use]
    about = {"campaign_id": sale.version.campaign_id, "reward": tier.code, "granted_at": at}
    Grant.objects.bulk_create(
        [
            Grant(
                **about, version_id=sale.version_id, run_id=sale.run_id, granted_date=on,
                customer_id=claim.customer_id, card_id=claim.card_id, amount=tier.value,
            )
            for claim in sorted(fitting, key=lambda claim: claim.customer_id)
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    # Those of this instant that no claim has are the ones just made.
    made = Grant.objects.filter(**about, customer__in=[claim.customer_id for claim in fitting])
    used = FlashClaim.objects.filter(grant__in=made).values("grant_id")
    given = dict(made.exclude(pk__in=used).values_list("customer_id", "pk"))
    for claim in fitting:
        if claim.customer_id in given:
            claim.state, claim.settled_at = ClaimState.GRANTED, at
            claim.grant_id = given[claim.customer_id]
        else:
            refused[claim.pk] = ClaimAnswer.HAD_BEFORE
    settled = [claim for claim in fitting if claim.pk not in refused]
    FlashClaim.objects.bulk_update(settled, ["state", "settled_at", "grant"])
    return refused


def _place_of(sale: FlashSale) -> int:
    """The position of the sale's tier in the frozen version from which it was arranged."""
    tiers = plans.plan_of(sale.version.content).rewards.tiers
    return [tier.code for tier in tiers].index(sale.tier)
