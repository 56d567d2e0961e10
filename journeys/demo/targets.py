"""Daily figures of the demo bank, targets of this month for its branches, and a scorecard."""

import datetime as dt
from decimal import Decimal
from typing import Any

from journeys.cards.models import Card
from journeys.kpis import operations as kpis
from journeys.targets import operations
from portal.approvals import operations as approvals
from portal.approvals.enums import Verdict
from portal.staff.enums import Role
from portal.staff.models import Staff

_LOOKED_BACK = 90  # days of which a month's target is a third, and a tenth more
_ITEMS = (
    ("complaints_upheld", "33", "0"), ("used_in_time", "33", "60"), ("cards_issued", "14", "8"),
    ("cards_in_use", "10", "70"), ("promises_kept", "10", "90"),
)  # fmt: skip


def build_figures(*, on: dt.date, at: dt.datetime) -> None:
    """This will count the days of the past, aim at a tenth more primary cards than before in each
    branch that has a manager, split evenly over its telemarketers, and put a scorecard of the
    branch that demo accounts are of into force from this month on."""
    kpis.count_days(now=lambda: at)
    managers: dict[int, Staff] = {}
    for one in Staff.objects.filter(role=Role.BRANCH_MANAGER, is_active=True).order_by("pk"):
        managers.setdefault(one.branch_id, one)
    checker = Staff.objects.get(username="approver")
    for manager in managers.values():
        _aim(manager, checker, on, at)
    _measure(Staff.objects.get(username="branch_manager"), checker, on, at)


def _aim(manager: Staff, checker: Staff, on: dt.date, at: dt.datetime) -> None:
    since = on - dt.timedelta(days=_LOOKED_BACK)
    issued = Card.objects.filter(
        branch=manager.branch_id, is_primary=True, issued_date__gte=since, issued_date__lt=on
    ).count()
    goals: dict[str, Any] = {
        "cards_issued": Decimal(max(1, round(issued / 3 * 1.1))), "cards_in_use": Decimal(70),
    }  # fmt: skip
    for measure, total in goals.items():
        plan = operations.make_plan(
            name=f"{on:%Y年%m月}目标", measure=measure, product_id=None, period="month",
            first_date=on.replace(day=1), total=total, basis="近三个月实际完成情况，上浮一成",
            actor=manager, at=at,
        )  # fmt: skip
        people = Staff.objects.filter(
            branch=manager.branch_id, role=Role.TELEMARKETER, is_active=True
        )
        weights = {pk: Decimal(1) for pk in people.values_list("pk", flat=True)}
        if weights:
            operations.split_node(
                node_id=plan.nodes.get().pk, level="person", weights=weights, actor=manager, at=at
            )
        _approve(operations.submit_plan(plan_id=plan.pk, actor=manager, at=at), checker, at)


def _measure(manager: Staff, checker: Staff, on: dt.date, at: dt.datetime) -> None:
    items = [
        operations.Item(code, Decimal(weight), Decimal(goal), 0, 150, 0)
        for code, weight, goal in _ITEMS
    ]
    card = operations.write_scorecard(
        name="电销人员考核", first_date=on.replace(day=1), point_value=Decimal(10),
        reason="年度考核办法", items=items, actor=manager, at=at,
    )  # fmt: skip
    _approve(operations.submit_scorecard(scorecard_id=card.pk, actor=manager, at=at), checker, at)


def _approve(row: Any, checker: Staff, at: dt.datetime) -> None:
    approvals.decide(
        submission_id=row.submission_id, checker=checker, verdict=Verdict.APPROVE, reason="",
        at=at,
    )  # fmt: skip
