"""Which limits ended, and in whose campaigns: what their owners are told."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import F

from campaigns.budgets.enums import LimitKind
from campaigns.budgets.models import BudgetBook, BudgetLimit
from campaigns.planning import queries as planning
from campaigns.planning.rules import plans


def refusing(owner_id: int | None) -> list[BudgetBook]:
    """This will list the accounts that refuse everybody, of campaigns that are not stopped: those
    of an owner, or all."""
    rows = BudgetBook.objects.filter(
        run=None, refused_at__isnull=False, campaign__stopped_at=None
    ).select_related("campaign__owner")
    if owner_id is not None:
        rows = rows.filter(campaign__owner=owner_id)
    return list(rows.order_by("-refused_at"))


def branches_refusing(owner_id: int | None, *, on: dt.date) -> list[BudgetLimit]:
    """This will list the limits of branches that leave too little for the cheapest reward, in the
    campaigns of an owner, or all, that are not stopped and whose days are not over."""
    found = _limits_of(owner_id, on=on, kind=LimitKind.BRANCH, used__gt=0)
    return [row for row, plan in found if _leaves_too_little(row, plan)]


def tiers_used_up(owner_id: int | None, *, on: dt.date) -> list[tuple[BudgetLimit, str]]:
    """This will list the stocks of tiers that are used up, with the tier's name, in the campaigns
    of an owner, or all, that are not stopped, whose days are not over and that grant something
    else yet: of one that grants nothing the account itself is told."""
    found = _limits_of(
        owner_id, on=on, kind=LimitKind.STOCK, used__gte=F("planned"), book__refused_at=None
    )
    tiers = [(row, plan.rewards.tier(row.key)) for row, plan in found]
    return [(row, tier.label) for row, tier in tiers if tier is not None]


def days_refusing(owner_id: int | None, *, on: dt.date) -> list[tuple[BudgetLimit, dt.date]]:
    """This will list the limits of today and yesterday that leave too little for the cheapest
    reward, each with its day, in the campaigns of an owner, or all, that are not stopped and grant
    again on another day: of one that grants nothing the account itself is told."""
    days = {day.isoformat(): day for day in (on, on - dt.timedelta(days=1))}
    found = _limits_of(
        owner_id, on=on, order="-key", kind=LimitKind.DAY, key__in=list(days), used__gt=0,
        book__refused_at=None,
    )  # fmt: skip
    return [(row, days[row.key]) for row, plan in found if _leaves_too_little(row, plan)]


def _limits_of(
    owner_id: int | None, *, on: dt.date, order: str = "key", **asked: Any
) -> list[tuple[BudgetLimit, plans.Plan]]:
    """Limits of the own accounts of an owner's campaigns, or all, that are not stopped and whose
    days are not over, each with the plan of its account."""
    rows = BudgetLimit.objects.filter(
        planned__isnull=False, book__run=None, book__campaign__stopped_at=None, **asked
    ).select_related("branch", "book__campaign__owner")
    if owner_id is not None:
        rows = rows.filter(book__campaign__owner=owner_id)
    limits = list(rows.order_by("book__campaign__code", order))
    known = planning.plans_of({row.book.version_id for row in limits}) if limits else {}
    found = [(row, known[row.book.version_id]) for row in limits]
    return [(row, plan) for row, plan in found if plan.runs_on(on)]


def _leaves_too_little(row: BudgetLimit, plan: plans.Plan) -> bool:
    return (row.planned or 0) - row.used < _least(plan)


def _least(plan: plans.Plan) -> Decimal:
    """The worth of the cheapest reward; where it follows from spending, that of a cent."""
    return max(min(tier.value for tier in plan.rewards.tiers), Decimal("0.01"))
