"""Reading member benefits: what a customer has in hand, and what became of all of them."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from campaigns.benefits import rules
from campaigns.benefits.enums import EntryKind, Outcome
from campaigns.benefits.models import Benefit, BenefitCount, BenefitEntry, UsedBefore
from campaigns.planning import queries as planning
from campaigns.planning.rules import plans
from campaigns.planning.rules.rewards import Tier
from merchants.directory import queries as directory
from merchants.partnerships.rules.evidence import SPAN, Measure
from portal.kit import clock
from portal.staff.access import Scope

_KEPT_LOST = [Outcome.PAID.value, Outcome.WAIVED.value, ""]
_SHOWN = 60  # of a customer's benefits, the latest


def benefit(pk: int, *, scope: Scope, lock: bool = False) -> Benefit | None:
    """This will return a benefit of a customer of the scope, locked where asked."""
    rows = Benefit.objects.filter(scope.branches("customer__branch"), pk=pk)
    rows = rows.select_related("customer", "campaign", "grant__version")
    return (rows.select_for_update(of=("self",)) if lock else rows).first()


def use(pk: int, *, scope: Scope) -> BenefitEntry | None:
    """This will return a use of a benefit of a customer of the scope."""
    rows = BenefitEntry.objects.filter(scope.branches("customer__branch"), pk=pk)
    return rows.filter(kind=EntryKind.USE).select_related("benefit__customer", "merchant").first()


def last_use_of(*, merchant_id: int, reference: str) -> BenefitEntry | None:
    """This will return the last use that was recorded of a voucher."""
    rows = BenefitEntry.objects.filter(merchant=merchant_id, reference=reference)
    return rows.select_related("undone_by").order_by("-round").first()


def evidence_of(merchant_ids: Sequence[int], on: dt.date) -> dict[int, list[Measure]]:
    """This will count the benefits used by voucher at merchants in the 90 days before a day, at
    those that were merged into them too."""
    same = directory.with_aliases(ids=merchant_ids)
    first = on - SPAN
    rows = BenefitEntry.objects.filter(
        merchant__in=same, kind=EntryKind.USE, used_date__gte=first, used_date__lt=on,
        undone_by=None,
    ).exclude(reference="")  # fmt: skip
    counted = rows.values("merchant").annotate(number=Count("pk")).order_by("merchant")
    found: Counter[int] = Counter()
    for row in counted:
        found[same[row["merchant"]]] += row["number"]
    source = "campaigns.benefits"
    return {
        key: [Measure("redemptions", Decimal(found[key]), first, on, source)]
        for key in merchant_ids
    }


def standing_entries(row: Benefit, kind: str) -> QuerySet[BenefitEntry]:
    """This will list the entries of a benefit that nothing undid, of one kind."""
    return BenefitEntry.objects.filter(benefit=row, kind=kind, undone_by=None).order_by("id")


def standing_of(row: Benefit) -> rules.Standing:
    """This will tell how a benefit stands."""
    return standings([row])[row.pk]


def standings(rows: Sequence[Benefit]) -> dict[int, rules.Standing]:
    """This will tell how benefits stand, by id."""
    entries = BenefitEntry.objects.filter(benefit__in=[row.pk for row in rows])
    sums: dict[int, Mapping[str, Any]] = {
        found["benefit"]: found
        for found in entries.values("benefit").annotate(**_SUMS).order_by("benefit")
    }
    lost = set(
        Benefit.objects.filter(
            Q(grant__reversal__isnull=False)
            | Q(used_before__isnull=False, used_before__outcome__in=_KEPT_LOST),
            pk__in=[row.pk for row in rows],
        ).values_list("pk", flat=True)
    )
    return {row.pk: _standing(row, sums.get(row.pk, {}), row.pk in lost) for row in rows}


def _of(kind: EntryKind, by: EntryKind) -> Any:
    """What entries of a kind took away, less what was undone."""
    return Coalesce(-Sum("units", filter=Q(kind__in=[kind, by])), 0)


_SUMS = {
    "used": _of(EntryKind.USE, EntryKind.UNDO),
    "expired": _of(EntryKind.EXPIRE, EntryKind.REOPEN),
    "taken_back": _of(EntryKind.TAKE_BACK, EntryKind.RESTORE),
}


def _standing(row: Benefit, sums: Mapping[str, Any], is_lost: bool) -> rules.Standing:
    taken = sums.get("taken_back", 0)
    return rules.Standing(
        uses=row.uses,
        left=row.left,
        used=sums.get("used", 0),
        expired=sums.get("expired", 0),
        taken_back=taken,
        from_date=row.from_date,
        end_date=row.end_date,
        is_lost=is_lost or taken > 0,
    )


def was_restored(row: Benefit, *, after: dt.date) -> bool:
    """This will tell whether somebody gave the rest of a benefit back for what was lost up to the
    end of a day, or later."""
    rows = row.used_before.filter(outcome=Outcome.RESTORED)
    return any(clock.bank_day(lost.noted_at) >= after for lost in rows)


def worth_of(row: Benefit) -> Decimal:
    """This will return what the whole benefit is worth (CNY)."""
    return row.grant.amount


# --- in a customer's hands --------------------------------------------------------------------
@dataclass(frozen=True)
class Held:
    """A benefit of a customer, as a desk sees it: how it stands, what it is called, the partners
    that take it, and its uses, the latest first."""

    row: Benefit
    stands: rules.Standing
    name: str
    how: str
    on: dt.date
    partners: list[tuple[int, str]] = field(default_factory=list)
    entries: list[BenefitEntry] = field(default_factory=list)

    @property
    def is_in_hand(self) -> bool:
        """Whether it can be used today."""
        return self.stands.left > 0 and not self.stands.is_lost and not self.is_over

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return self.stands.is_over(self.on)

    @property
    def days_left(self) -> int | None:
        """The days that are left, today inside."""
        return self.stands.days_left(self.on)

    @property
    def is_hurried(self) -> bool:
        """Whether it ends within a week."""
        return self.days_left is not None and self.days_left <= 7

    @property
    def can_come_late(self) -> bool:
        """Whether a use of an earlier day could still be recorded."""
        return (
            not self.is_in_hand
            and self.is_over
            and not self.stands.is_lost
            and self.stands.left + self.stands.expired > 0
        )


def held_by(customer_id: int, *, on: dt.date, only: int | None = None) -> list[Held]:
    """This will list a customer's benefits: those that can be used first, what ends first of them
    first, then the others, the latest first; `only` one of them where its id is given."""
    own = Benefit.objects.filter(customer=customer_id)
    own = own if only is None else own.filter(pk=only)
    rows = list(
        own.select_related("campaign", "grant__version", "customer").order_by("-id")[:_SHOWN]
    )
    stand = standings(rows)
    known = planning.plans_of({row.grant.version_id for row in rows})
    entries = _entries(rows)
    numbers = {number for plan in known.values() for number in plan.merchants}
    partners = directory.by_number(numbers=sorted(numbers))
    found = []
    for row in rows:
        plan = known[row.grant.version_id]
        found.append(
            Held(
                row=row,
                stands=stand[row.pk],
                name=label_of(plan.rewards.tier(row.grant.reward), row.grant.reward),
                how=plan.disclosure.how,
                on=on,
                partners=[
                    (partners[number].pk, partners[number].label)
                    for number in plan.merchants
                    if number in partners
                ],
                entries=entries.get(row.pk, []),
            )
        )
    never = dt.date.max
    return sorted(
        found,
        key=lambda one: (
            not one.is_in_hand, (one.row.end_date or never) if one.is_in_hand else never,
        ),
    )  # fmt: skip


def _entries(rows: Sequence[Benefit]) -> dict[int, list[BenefitEntry]]:
    found: dict[int, list[BenefitEntry]] = {}
    entries = BenefitEntry.objects.filter(benefit__in=[row.pk for row in rows])
    for entry in entries.select_related("merchant", "recorded_by", "undone_by").order_by("-id"):
        found.setdefault(entry.benefit_id, []).append(entry)
    return found


def label_of(tier: Tier | None, code: str) -> str:
    """This will name a reward in the reader's language; by its code where the version lost it."""
    return tier.label if tier else code


def name_of(row: Benefit) -> str:
    """This will name the reward that a benefit is, in the reader's language."""
    content = row.grant.version.content
    try:
        tier = plans.plan_of(content).rewards.tier(row.grant.reward)
    except plans.PlanWrong:  # a form of plan that is read no longer
        tier = None
    return label_of(tier, row.grant.reward)


def by_grant(grant_ids: Iterable[int]) -> dict[int, tuple[Benefit, rules.Standing]]:
    """This will tell how the benefits of grants stand, by the grant's id."""
    rows = list(Benefit.objects.filter(grant__in=list(grant_ids)))
    stand = standings(rows) if rows else {}
    return {row.grant_id: (row, stand[row.pk]) for row in rows}


def entries_of(customer_id: int) -> QuerySet[BenefitEntry]:
    """This will list what happened to a customer's benefits."""
    return BenefitEntry.objects.filter(customer=customer_id).select_related(
        "benefit__grant__version", "benefit__campaign", "merchant", "undoes"
    )


# --- of campaigns -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Figures:
    """What became of the benefits of one reward of a campaign, in uses but for `grants`, the number
    of grants, and `unused`, what expired is worth (CNY)."""

    campaign: Any
    name: str
    grants: int
    uses: int
    used: int
    expired: int
    taken_back: int
    unused: Decimal

    @property
    def left(self) -> int:
        """What can still be used."""
        return self.uses - self.used - self.expired - self.taken_back

    @property
    def used_percent(self) -> int:
        """The part of all uses that was used, in percent."""
        return round(100 * self.used / self.uses) if self.uses else 0


def figures() -> list[Figures]:
    """This will tell what was granted, used, expired and taken back, by campaign and reward, the
    latest campaign first. It reads what triggers counted, and no use."""
    rows = list(
        BenefitCount.objects.values("campaign", "reward")
        .annotate(last=Max("version"), **{name: Sum(name) for name in _COUNTED})
        .order_by("-campaign", "reward")
    )
    known = planning.plans_of({row["last"] for row in rows})
    campaigns = planning.campaigns().in_bulk({row["campaign"] for row in rows})
    return [_figures(row, campaigns[row["campaign"]], known[row["last"]]) for row in rows]


_COUNTED = ("grants", "uses", "used", "expired", "taken_back", "unused")


def _figures(row: Mapping[str, Any], campaign: Any, plan: plans.Plan) -> Figures:
    counted = {name: row[name] for name in _COUNTED}
    name = label_of(plan.rewards.tier(row["reward"]), row["reward"])
    return Figures(campaign=campaign, name=name, **counted)


def used_before(*, scope: Scope) -> QuerySet[UsedBefore]:
    """This will list the benefits that were used before they were lost: those that wait for a
    decision first, the latest of them first."""
    rows = UsedBefore.objects.filter(scope.branches("benefit__customer__branch"))
    return rows.select_related(
        "benefit__customer__branch", "benefit__campaign", "benefit__grant__version", "settled_by"
    ).order_by("settled_at", "-noted_at", "-id")


def open_used_before(*, scope: Scope) -> int:
    """This will count those that wait for a decision."""
    return used_before(scope=scope).filter(outcome="").count()
