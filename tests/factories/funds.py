"""Plans of promotion money, made by the operations themselves."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from merchants.allocation import operations, queries
from merchants.models import FundEntry, FundLine, FundPlan, Partnership
from portal.approvals import operations as approvals
from portal.kit import clock
from portal.models import ApprovalLevel, Staff
from portal.staff.enums import Role
from tests.factories import partnerships
from tests.factories.portal import StaffFactory

FIRST, LAST = dt.date(2026, 7, 1), dt.date(2026, 9, 30)
AT = clock.start_of(dt.date(2026, 6, 1))


def partner(*, leader: Staff | None = None, **values: Any) -> Partnership:
    """A partnership in comparison, which a plan may take in."""
    return partnerships.in_phase("comparison", manager=leader or partnerships.manager(), **values)


def set_level(at_least: int = 0, needed: int = 1) -> None:
    """Plans of so large a budget need so many approvals, from the first day of these tests on."""
    ApprovalLevel.objects.get_or_create(
        kind=operations.APPROVAL_KIND, effective_date=dt.date(2020, 1, 1), measure="budget",
        at_least=at_least, defaults={"approvals": needed, "source": "Board"},
    )  # fmt: skip


def plan(*, owner: Staff | None = None, budget: str = "10000", **values: Any) -> FundPlan:
    set_level()
    given = {"name": "三季度联合促销", "first_date": FIRST, "last_date": LAST, **values}
    return operations.make_plan(
        budget=Decimal(budget), actor=owner or partnerships.manager(), at=AT, **given
    )


def line(of: FundPlan, row: Partnership | None = None, **values: Any) -> FundLine:
    """A partner of a plan whose response is entered: half of 100,000 comes of 5,000."""
    row = row or partner(leader=of.owner)
    added = operations.add_partners(plan_id=of.pk, partnership_ids=[row.pk], actor=of.owner, at=AT)
    given = {
        "least": Decimal(0), "most": Decimal(5000), "step": Decimal(1000), "basis": "entered",
        "ceiling": Decimal(100_000), "half": Decimal(5000), "source": "估计", **values,
    }  # fmt: skip
    return operations.change_line(line_id=added[0].pk, values=given, actor=of.owner, at=AT)


def solved(of: FundPlan) -> FundPlan:
    return operations.solve_plan(plan_id=of.pk, actor=of.owner, at=AT)


def submitted(of: FundPlan) -> FundPlan:
    return operations.submit_plan(plan_id=of.pk, actor=of.owner, at=AT)


def chief(of: FundPlan) -> Staff:
    return StaffFactory(role=Role.BRANCH_MANAGER, branch=of.branch)


def decided(of: FundPlan, verdict: str = "approve", reason: str = "") -> FundPlan:
    of.refresh_from_db()
    assert of.submission_id is not None
    approvals.decide(
        submission_id=of.submission_id, checker=chief(of), verdict=verdict, reason=reason, at=AT
    )
    of.refresh_from_db()
    return of


def lasting() -> dict[str, dt.date]:
    """The last day of a plan that is not over, whenever a page is asked."""
    return {"last_date": max(LAST, clock.today() + dt.timedelta(days=1))}


def approved(*, partners: int = 2, budget: str = "10000", **values: Any) -> FundPlan:
    """An approved plan with so many partners, each with an account."""
    made = plan(budget=budget, **values)
    for _number in range(partners):
        line(made)
    submitted(solved(made))
    return decided(made)


def first_line(of: FundPlan) -> FundLine:
    return queries.lines_of(of)[0]


def booked(of: FundLine, kind: str, amount: str, **values: Any) -> FundEntry:
    """An entry of a line: by its owner, a payment by a branch manager; `at` an early instant."""
    at = values.pop("at", AT)
    actor = values.pop("actor", None) or (chief(of.plan) if kind == "pay" else of.plan.owner)
    against = values.pop("against", None)
    return operations.book_entry(
        line_id=of.pk, kind=kind, amount=Decimal(amount), document=values.pop("document", "HT-1"),
        key=values.pop("key", None) or uuid.uuid4(), actor=actor, at=at,
        against_id=against.pk if against else None, **values,
    )  # fmt: skip


def reversed_(entry: FundEntry, amount: str, **values: Any) -> FundEntry:
    """A part of an entry taken back."""
    return operations.reverse_entry(
        entry_id=entry.pk, amount=Decimal(amount), reason=values.pop("reason", "录入有误"),
        key=uuid.uuid4(), actor=values.pop("actor", None) or entry.actor,
        at=values.pop("at", AT),
    )  # fmt: skip
