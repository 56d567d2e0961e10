"""Reading flash sales, their units and claims."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMinute, TruncSecond

from campaigns.eligibility.enums import RunKind, RunState
from campaigns.eligibility.models import Run
from campaigns.flash import rules
from campaigns.flash.enums import STANDING, ClaimState
from campaigns.flash.models import FlashClaim, FlashSale, FlashUnit
from campaigns.planning.rules import plans
from portal.staff.access import Scope

# What the run, or the one that it stands on, decided about claimants, and what has become of their
# cards since.
_PEOPLE = """
SELECT customer.number, customer.id, decision.card_id,
       CASE WHEN decision.outcome <> 'qualified' OR %(place)s = ANY(decision.reached)
            THEN coalesce(decision.outcome, '') ELSE '' END,
       decision.failed_at,
       coalesce(card.activated_date <= %(on)s AND card.first_used_date <= %(on)s
           AND (card.closed_date IS NULL OR card.closed_date > %(on)s), false),
       EXISTS (SELECT FROM campaigns_grant given WHERE given.customer_id = customer.id
               AND given.campaign_id = %(campaign_id)s
               AND NOT EXISTS (SELECT FROM campaigns_grantreversal back
                               WHERE back.grant_id = given.id)),
       claim.id, claim.number, coalesce(claim.state, ''), claim.held_until
FROM journeys_customer customer
LEFT JOIN LATERAL (
    SELECT one.* FROM campaigns_decision one
    WHERE one.customer_id = customer.id AND one.run_id = ANY(%(run_ids)s)
    ORDER BY one.run_id DESC LIMIT 1
) decision ON true
LEFT JOIN journeys_card card ON card.id = decision.card_id
LEFT JOIN campaigns_flashclaim claim ON claim.sale_id = %(sale_id)s
    AND claim.customer_id = customer.id AND claim.state IN ('held', 'granted')
WHERE customer.number = ANY(%(numbers)s)
"""
_SECONDS_CHART = dt.timedelta(minutes=3)


_plans: dict[str, plans.Plan] = {}  # by the hash of what is frozen
_MOST_PLANS = 100


def plan_of(sale: FlashSale) -> plans.Plan:
    """This will return the plan of a sale's version, read once."""
    key = sale.version.content_hash
    if key not in _plans:
        if len(_plans) >= _MOST_PLANS:
            _plans.clear()
        _plans[key] = plans.plan_of(sale.version.content)
    return _plans[key]


def place_of(sale: FlashSale) -> int:
    """This will return the position of the sale's tier in its version."""
    return [tier.code for tier in plan_of(sale).rewards.tiers].index(sale.tier)


def find_sale(sale_id: int) -> FlashSale | None:
    """This will find a sale, with its version and campaign."""
    return sales().filter(pk=sale_id).first()


def sales() -> QuerySet[FlashSale]:
    """This will list the sales, those that open last first."""
    return FlashSale.objects.select_related("version__campaign", "created_by", "run").order_by(
        "-opens_at", "-id"
    )


def sales_to_settle(*, at: dt.datetime) -> list[int]:
    """This will return the sales that are open, or closed so lately that holds may still run."""
    rows = FlashSale.objects.filter(
        opens_at__lte=at + dt.timedelta(minutes=1), closes_at__gt=at - dt.timedelta(hours=1)
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))


def units_promised(version_id: int, tier: str) -> int:
    """This will count the units of all sales of a version's tier."""
    return FlashUnit.objects.filter(sale__version=version_id, sale__tier=tier).count()


def run_to_sell_by(version_id: int) -> Run | None:
    """This will return the latest finished run of a version, live or dry: a preview writes down
    nobody."""
    kinds = [RunKind.DRY_RUN, RunKind.LIVE]
    runs = Run.objects.filter(version=version_id, state=RunState.DONE, kind__in=kinds)
    return runs.order_by("-started_at", "-id").first()


def people(sale: FlashSale, numbers: Sequence[str], on: dt.date) -> dict[str, rules.Person]:
    """This will return what is known about claimants, by customer number; unknown ones lack."""
    values: dict[str, Any] = {
        "numbers": list(numbers),
        "sale_id": sale.pk,
        "run_ids": [sale.run_id, sale.run.base_id],
        "campaign_id": sale.version.campaign_id,
        "place": place_of(sale),
        "on": on,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, values)
        return {number: rules.Person(*rest) for number, *rest in cursor.fetchall()}


def latest_of(sale_id: int, number: str) -> FlashClaim | None:
    """This will return a customer's latest claim in a sale, however it stands."""
    rows = FlashClaim.objects.filter(sale=sale_id, customer__number=number)
    return rows.order_by("-id").first()


def all_standing(sale_id: int) -> dict[str, int]:
    """This will return the units of all standing claims of a sale, by customer number."""
    rows = FlashClaim.objects.filter(sale=sale_id, state__in=STANDING)
    return dict(rows.values_list("customer__number", "number"))


def standing_count(sale_id: int) -> int:
    """This will count the standing claims of a sale."""
    return FlashClaim.objects.filter(sale=sale_id, state__in=STANDING).count()


def is_all_granted(sale_id: int) -> bool:
    """This will tell whether every unit of a sale is granted."""
    granted = FlashClaim.objects.filter(sale=sale_id, state=ClaimState.GRANTED).count()
    return FlashSale.objects.filter(pk=sale_id, units__lte=granted).exists()


def unit_numbers(sale_id: int) -> list[int]:
    """This will return the numbers of a sale's units."""
    return list(FlashUnit.objects.filter(sale=sale_id).values_list("number", flat=True))


@dataclass(frozen=True)
class Counts:
    """How the units of a sale stand."""

    units: int
    held: int
    granted: int
    expired: int
    people: int

    @property
    def left(self) -> int:
        return self.units - self.held - self.granted

    @property
    def is_sold_out(self) -> bool:
        """Whether no unit can become free any more."""
        return self.granted >= self.units

    @property
    def is_near_sell_out(self) -> bool:
        return rules.is_near_sell_out(self.left, self.units)

    @property
    def percent(self) -> int:
        return (self.units - self.left) * 100 // self.units


def counts_of(sale: FlashSale) -> Counts:
    """This will count a sale's claims by state."""
    rows = FlashClaim.objects.filter(sale=sale.pk).aggregate(
        held=Count("id", filter=Q(state=ClaimState.HELD)),
        granted=Count("id", filter=Q(state=ClaimState.GRANTED)),
        expired=Count("id", filter=Q(state=ClaimState.EXPIRED)),
        people=Count("customer", distinct=True),
    )
    return Counts(units=sale.units, **rows)


def claims_over_time(sale: FlashSale) -> list[tuple[dt.datetime, int]]:
    """This will count claims by second while they all came within minutes, else by minute; the
    first sixty times at which there were any."""
    rows = FlashClaim.objects.filter(sale=sale.pk)
    first, last = rows.order_by("id").first(), rows.order_by("-id").first()
    if first is None or last is None:
        return []
    is_short = last.claimed_at - first.claimed_at <= _SECONDS_CHART
    cut = TruncSecond("claimed_at") if is_short else TruncMinute("claimed_at")
    counted = rows.annotate(time=cut).values("time").annotate(count=Count("id")).order_by("time")
    return list(counted.values_list("time", "count")[:60])


def claims(sale: FlashSale, *, scope: Scope, state: str = "") -> QuerySet[FlashClaim]:
    """This will list the claims of customers whom the scope may see, the latest first."""
    rows = FlashClaim.objects.filter(scope.branches("customer__branch"), sale=sale.pk)
    if state:
        rows = rows.filter(state=state)
    return rows.select_related("customer", "grant").order_by("-id")
