"""Reading flash sales, their units and claims."""

import datetime as dt
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMinute, TruncSecond

from campaigns.budgets import queries as budgets
from campaigns.eligibility.enums import RunKind, RunState
from campaigns.eligibility.models import Run
from campaigns.flash import rules
from campaigns.flash.enums import STANDING, ClaimAnswer, ClaimShown, ClaimState
from campaigns.flash.models import LONGEST_HOLD_SECONDS, FlashClaim, FlashSale, FlashUnit
from campaigns.planning import queries as planning
from campaigns.planning.enums import VersionState
from campaigns.planning.rules import plans
from campaigns.planning.rules.rewards import Tier
from campaigns.rewards import queries as rewards
from campaigns.rewards.enums import ReversalKind
from campaigns.rewards.rules import Candidate, read_met, ruled_out_by
from portal.staff.access import Scope

# What the run, or the one that it stands on, decided about claimants, and the claim that stands. It
# is found among those of the customer: of a sale that has just begun no statistics know yet how
# many claims it has, and by any index that begins with the sale (hence + 0) all would be read.
_PEOPLE = """
SELECT customer.number, customer.id, customer.branch_id, decision.card_id,
       CASE WHEN decision.outcome <> 'qualified' OR %(place)s = ANY(decision.reached)
            THEN coalesce(decision.outcome, '') ELSE '' END,
       decision.failed_at, claim.id, claim.number, coalesce(claim.state, ''), claim.held_until,
       back.kind, CASE WHEN EXISTS (
           SELECT FROM journeys_customer same
           WHERE same.bearer = customer.bearer AND same.id <> customer.id) THEN customer.bearer END
FROM journeys_customer customer
LEFT JOIN LATERAL (
    SELECT one.* FROM campaigns_decision one
    WHERE one.customer_id = customer.id AND one.run_id = ANY(%(run_ids)s)
    ORDER BY one.run_id DESC LIMIT 1
) decision ON true
LEFT JOIN LATERAL (
    SELECT one.* FROM campaigns_flashclaim one
    WHERE one.customer_id = customer.id AND one.sale_id + 0 = %(sale_id)s
      AND one.state IN ('held', 'granted') LIMIT 1
) claim ON true
LEFT JOIN campaigns_grantreversal back ON back.grant_id = claim.grant_id
WHERE customer.number = ANY(%(numbers)s)
"""
_MET = """
SELECT DISTINCT ON (one.customer_id) one.customer_id,
       jsonb_path_query_array(one.facts, '$[*][0]')::text
FROM campaigns_decision one
WHERE one.customer_id = ANY(%(customers)s) AND one.run_id = ANY(%(run_ids)s)
ORDER BY one.customer_id, one.run_id DESC
"""
# Of persons (lasting hashes of ID numbers) the numbers under which a unit is held for them.
_HOLDING = """
SELECT same.bearer, same.id FROM journeys_customer same CROSS JOIN LATERAL (
    SELECT one.id FROM campaigns_flashclaim one
    WHERE one.customer_id = same.id AND one.sale_id + 0 = %(sale_id)s
      AND one.state = 'held' AND one.held_until > %(at)s LIMIT 1
) claim
WHERE same.bearer = ANY(%(persons)s)
"""
_SECONDS_CHART = dt.timedelta(minutes=3)


def plan_of(sale: FlashSale) -> plans.Plan:
    """This will return the plan of a sale's version, read once."""
    return planning.plan_of(sale.version)


def place_of(sale: FlashSale) -> int:
    """This will return the position of the sale's tier in its version."""
    return [tier.code for tier in plan_of(sale).rewards.tiers].index(sale.tier)


def tier_of(sale: FlashSale) -> Tier:
    """This will return the tier whose units the sale releases."""
    return plan_of(sale).rewards.tiers[place_of(sale)]


# For a moment, so that those who are refused cost the database nothing. A stop is heard of by
# claims as much later; the confirmation asks again, under a lock.
_KEPT_SECONDS = 0.5
_MOST_KEPT = 100
_kept: dict[int, tuple[float, FlashSale]] = {}


def kept_sale(sale_id: int) -> FlashSale | None:
    """This will find a sale as it was within half a second."""
    now = time.monotonic()
    kept = _kept.get(sale_id)
    if kept and now - kept[0] < _KEPT_SECONDS:
        return kept[1]
    sale = find_sale(sale_id)
    _kept.pop(sale_id, None)
    if sale is not None:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[sale_id] = (now, sale)
    return sale


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


def sales_to_open(*, at: dt.datetime) -> list[int]:
    """This will return the sales that open within the hour and may sell, those of the next minute
    left out: what is begun now must be over when they open."""
    rows = FlashSale.objects.filter(
        opens_at__gt=at + dt.timedelta(minutes=1),
        opens_at__lte=at + dt.timedelta(hours=1),
        version__state=VersionState.APPROVED,
        version__campaign__stopped_at=None,
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))


def units_promised(
    *, campaign_id: int, tier: str, at: dt.datetime, before: FlashSale | None = None
) -> int:
    """This will count the units of a tier that sales may yet grant: those of sales of all versions
    that are not over, or of those of them that open before another one."""
    rows = FlashSale.objects.filter(
        version__campaign=campaign_id,
        version__state=VersionState.APPROVED,
        tier=tier,
        closes_at__gt=at - dt.timedelta(seconds=LONGEST_HOLD_SECONDS),
    )
    if before is not None:
        is_earlier = Q(opens_at__lt=before.opens_at) | Q(opens_at=before.opens_at, pk__lt=before.pk)
        rows = rows.filter(is_earlier)
    granted = Count("claims", filter=Q(claims__state=ClaimState.GRANTED))
    return sum(
        one.units - one.granted for one in rows.annotate(granted=granted) if one.ends_at > at
    )


def allotted(sale: FlashSale, *, at: dt.datetime) -> int:
    """This will tell how many units of a sale may be held or granted in all: those granted, and of
    the others as many as the stock of the tier still has for it. Sales that open earlier come
    first."""
    stock = tier_of(sale).stock
    campaign_id = sale.version.campaign_id
    left = budgets.stock_left(
        campaign_id=campaign_id, version_id=sale.version_id, tier=sale.tier, stock=stock
    )
    if left is None:
        return sale.units
    earlier = units_promised(campaign_id=campaign_id, tier=sale.tier, at=at, before=sale)
    return min(sale.units, granted_count(sale.pk) + max(0, left - earlier))


def run_to_sell_by(version_id: int) -> Run | None:
    """This will return the finished run of a version, live or dry, that knows the latest day; of
    one day the last: whoever reckons a past day once more does not choose by it who may claim. A
    preview writes down nobody."""
    kinds = [RunKind.DRY_RUN, RunKind.LIVE]
    runs = Run.objects.filter(version=version_id, state=RunState.DONE, kind__in=kinds)
    return runs.order_by("-on_date", "-started_at", "-id").first()


def people(sale: FlashSale, numbers: Sequence[str]) -> dict[str, rules.Person]:
    """This will return what is known about claimants, by customer number; unknown ones lack."""
    values: dict[str, Any] = {
        "numbers": list(numbers),
        "sale_id": sale.pk,
        "run_ids": [sale.run_id, sale.run.base_id],
        "place": place_of(sale),
    }
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, values)
        found = {number: rules.Person(*rest) for number, *rest in cursor.fetchall()}
    return {
        who: replace(one, bearer=bytes(one.bearer)) if one.bearer else one
        for who, one in found.items()
    }


def held_for(sale_id: int, persons: Collection[bytes], *, at: dt.datetime) -> dict[bytes, set[int]]:
    """This will tell under which of their numbers (customer ids) a unit of a sale is held for those
    who are on file under several (`Person.bearer`)."""
    values: dict[str, Any] = {"sale_id": sale_id, "at": at, "persons": sorted(persons)}
    with connection.cursor() as cursor:
        cursor.execute(_HOLDING, values)
        found: dict[bytes, set[int]] = {}
        for bearer, customer_id in cursor.fetchall():
            found.setdefault(bytes(bearer), set()).add(customer_id)
        return found


def refused(
    sale: FlashSale, people: Mapping[str, rules.Person], on: dt.date
) -> dict[str, ClaimAnswer]:
    """This will say to whom of those who qualified the rewards would give nothing on a day, and
    why: what `award` decides again at the confirmation is asked in the same place."""
    if not people:
        return {}
    answers = rewards.refusals_of(
        campaign_id=sale.version.campaign_id,
        candidates=_with_met(sale, [candidate(sale, person) for person in people.values()]),
        plan=plan_of(sale),
        on=on,
        granted_date=on,
    )
    return {
        who: rules.refusal_of(answers[person.customer_id])
        for who, person in people.items()
        if person.customer_id in answers
    }


def candidate(sale: FlashSale, person: rules.Person) -> Candidate:
    """This will name who asks for a unit as the rewards know them."""
    card_id = person.card_id or 0
    return Candidate(person.customer_id, card_id, person.branch_id, (place_of(sale),))


def _with_met(sale: FlashSale, candidates: Sequence[Candidate]) -> list[Candidate]:
    met = met_by(sale, [one.customer_id for one in candidates])
    return [replace(one, met=met.get(one.customer_id, ())) for one in candidates]


def met_by(sale: FlashSale, customer_ids: Sequence[int]) -> dict[int, tuple[bool, ...]]:
    """This will return what the run, or the one that it stands on, decided of each condition, by
    customer id; nothing where the plan names no campaigns that rule it out."""
    if not ruled_out_by(plan_of(sale)):
        return {}
    values: dict[str, Any] = {
        "run_ids": [sale.run_id, sale.run.base_id],
        "customers": list(customer_ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MET, values)
        return {customer_id: read_met(met) for customer_id, met in cursor.fetchall()}


def latest_of(sale_id: int, number: str) -> FlashClaim | None:
    """This will return a customer's latest claim in a sale, however it stands."""
    rows = _own(sale_id, [number])
    return rows.select_related("grant__reversal").order_by("-id").first()


def hold_standing(sale_id: int, numbers: Sequence[str]) -> dict[str, FlashClaim]:
    """This will find the claims of customers in a sale that did not expire, by the customer's
    number, in the order in which they were made, and lock them."""
    rows = _own(sale_id, numbers).exclude(state=ClaimState.EXPIRED).order_by("pk")
    held = rows.select_related("grant__reversal").select_for_update(of=("self",))
    return {row.who: row for row in held.annotate(who=F("customer__number"))}


def _own(sale_id: int, numbers: Sequence[str]) -> QuerySet[FlashClaim]:
    """By the customer and not by the sale, as in _PEOPLE."""
    rows = FlashClaim.objects.filter(customer__number__in=numbers)
    return rows.annotate(sale_number=F("sale_id") + 0).filter(sale_number=sale_id)


def taken_back(claim_id: int) -> rewards.TakenBack | None:
    """This will tell why the grant of a claim was taken back; None where it was not."""
    grant_id = FlashClaim.objects.filter(pk=claim_id).values_list("grant", flat=True).first()
    return rewards.taken_back([grant_id]).get(grant_id) if grant_id else None


def claims_of(customer_id: int) -> QuerySet[FlashClaim]:
    """This will list a customer's claims in all sales; these are few."""
    rows = FlashClaim.objects.filter(customer=customer_id)
    return rows.select_related("grant__reversal").order_by("-id")


def all_standing(sale_id: int) -> dict[str, int]:
    """This will return the units of all standing claims of a sale, by customer number."""
    rows = FlashClaim.objects.filter(sale=sale_id, state__in=STANDING)
    return dict(rows.values_list("customer__number", "number"))


def standing_count(sale_id: int) -> int:
    """This will count the standing claims of a sale."""
    return FlashClaim.objects.filter(sale=sale_id, state__in=STANDING).count()


def granted_count(sale_id: int) -> int:
    """This will count the claims of a sale that were granted, whatever became of it since."""
    return FlashClaim.objects.filter(sale=sale_id, state=ClaimState.GRANTED).count()


def unit_numbers(sale_id: int) -> list[int]:
    """This will return the numbers of a sale's units."""
    return list(FlashUnit.objects.filter(sale=sale_id).values_list("number", flat=True))


_TAKEN_BACK = Q(
    grant__reversal__isnull=False,
    grant__reversal__kind__in=[ReversalKind.CONDITION_LOST, ReversalKind.GIVEN_TWICE],
)


@dataclass(frozen=True)
class Counts:
    """How the units of a sale stand. `taken_back` are those whose grant a refund undid, or that
    were claimed back: they have gone back to the stock of the tier, and not to the sale."""

    units: int
    held: int
    granted: int
    taken_back: int
    expired: int
    people: int

    @property
    def left(self) -> int:
        return self.units - self.held - self.granted - self.taken_back

    @property
    def is_sold_out(self) -> bool:
        """Whether no unit can become free any more."""
        return self.granted + self.taken_back >= self.units

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
        granted=Count("id", filter=Q(state=ClaimState.GRANTED) & ~_TAKEN_BACK),
        taken_back=Count("id", filter=_TAKEN_BACK),
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
        rows = rows.filter(_SHOWN[state])
    return rows.select_related("customer", "grant__reversal").order_by("-id")


_SHOWN = {
    ClaimShown.HELD.value: Q(state=ClaimState.HELD),
    ClaimShown.GRANTED.value: Q(state=ClaimState.GRANTED, grant__reversal=None),
    ClaimShown.TAKEN_BACK.value: _TAKEN_BACK,
    ClaimShown.EXCHANGED.value: Q(grant__reversal__kind=ReversalKind.EXCHANGED),
    ClaimShown.EXPIRED.value: Q(state=ClaimState.EXPIRED),
}
