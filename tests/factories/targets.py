"""Plans of targets, scorecards, and cards that somebody sold."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from journeys.models import Card, LeadConversion
from journeys.targets import operations
from journeys.targets.models import Scorecard, ScorecardRule, TargetNode, TargetPlan
from portal.approvals import operations as approvals
from portal.models import Branch, Staff
from portal.staff.enums import Role
from tests.factories.journeys import CardFactory, CustomerFactory, LeadFactory
from tests.factories.portal import BranchFactory, StaffFactory

MONTH, NEXT = dt.date(2026, 3, 1), dt.date(2026, 4, 1)
AT = dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)
# Compliance and risk 33 % each, volume 14 %, quality and service 10 % each.
WEIGHTS = {
    "complaints_upheld": "33", "used_in_time": "33", "cards_issued": "14", "cards_in_use": "10",
    "promises_kept": "10",
}  # fmt: skip
GOALS = {"complaints_upheld": "0", "cards_issued": "10"}


def manager(branch: Branch | None = None) -> Staff:
    """A branch manager."""
    return StaffFactory(role=Role.BRANCH_MANAGER, branch=branch or BranchFactory())


def checker() -> Staff:
    """Somebody who approves plans and scorecards of the whole bank."""
    return StaffFactory(role=Role.APPROVER)


def plan(owner: Staff | None = None, **values: Any) -> TargetPlan:
    """A draft of a quarter's plan."""
    usual: dict[str, Any] = {
        "name": "一季度发卡", "measure": "cards_issued", "product_id": None, "period": "quarter",
        "first_date": dt.date(2026, 1, 1), "total": Decimal(100), "basis": "总行 2026 年计划",
    }  # fmt: skip
    return operations.make_plan(actor=owner or manager(), at=AT, **{**usual, **values})


def root(of: TargetPlan) -> TargetNode:
    """The root of a plan."""
    return of.nodes.get(parent=None)


def approved(of: TargetPlan) -> TargetPlan:
    """The plan, once it is submitted and another person has approved it."""
    operations.submit_plan(plan_id=of.pk, actor=of.owner, at=AT)
    return decided(of)


def decided(of: Any, verdict: str = "approve", reason: str = "") -> Any:
    """The plan or scorecard after another person's verdict."""
    of.refresh_from_db()
    approvals.decide(
        submission_id=of.submission_id, checker=checker(), verdict=verdict, reason=reason, at=AT
    )
    of.refresh_from_db()
    return of


def set_rule(on: dt.date = dt.date(2022, 7, 7), **changes: Any) -> ScorecardRule:
    """The rule of scorecards; tests of browsers and races begin without it."""
    figures = {
        "margin": Decimal(5), "hold_months": 12, "unused_days": 180, "settle_day": 10, **changes,
    }  # fmt: skip
    return ScorecardRule.objects.get_or_create(
        effective_date=on, defaults={**figures, "source": "x"}
    )[0]


def items(weights: dict[str, str] = WEIGHTS, **goals: str) -> list[operations.Item]:
    """Measures with weights; each goal is 100 where nothing else is said."""
    wanted = {**GOALS, **goals}
    return [
        operations.Item(code, Decimal(weight), Decimal(wanted.get(code, "100")), 0, 150, 0)
        for code, weight in weights.items()
    ]


def scorecard(
    owner: Staff | None = None, chosen: Sequence[operations.Item] | None = None, **values: Any
) -> Scorecard:
    """A draft of a scorecard, from March on, of 10 CNY a point."""
    set_rule()
    usual: dict[str, Any] = {
        "name": "电销考核", "first_date": MONTH, "point_value": Decimal(10), "reason": "年度办法",
    }  # fmt: skip
    return operations.write_scorecard(
        items=items() if chosen is None else chosen, actor=owner or manager(), at=AT,
        **{**usual, **values},
    )  # fmt: skip


def in_force(owner: Staff | None = None, **values: Any) -> Scorecard:
    """A scorecard that was approved."""
    card = scorecard(owner, **values)
    operations.submit_scorecard(scorecard_id=card.pk, actor=card.owner, at=AT)
    found: Scorecard = decided(card)
    return found


def sold(person: Staff, on: dt.date, **values: Any) -> Card:
    """A card that came of a lead which the person called."""
    customer = CustomerFactory(branch=person.branch)
    card: Card = CardFactory(customer=customer, issued_date=on, **values)
    LeadConversion.objects.create(
        lead=LeadFactory(branch=person.branch), application=card.application, caller=person,
        called_at=AT, noted_at=AT,
    )  # fmt: skip
    return card
