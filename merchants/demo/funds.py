"""The demo bank's promotion money: a quarter that was spent, one that is being spent, and a plan in
the making."""

import datetime as dt
import random
import uuid
from collections.abc import Sequence
from decimal import Decimal

from merchants.allocation import operations, queries
from merchants.allocation.enums import Basis, EntryKind
from merchants.allocation.models import FundLine, FundPlan
from merchants.evidence.rules import months
from portal.approvals import operations as approvals
from portal.approvals.enums import Verdict
from portal.kit import clock
from portal.staff import queries as people
from portal.staff.enums import Role
from portal.staff.models import Staff

# Name, how many quarters before the one of the day, budget (CNY), what share of it is spent.
PLANS: list[tuple[str, int, int, float]] = [
    ("上季度联合促销", 1, 300_000, 0.95),
    ("本季度联合促销", 0, 360_000, 0.45),
    ("下季度联合促销（编制中）", -1, 400_000, 0.0),
]
_MOST_PARTNERS = 12
# From this budget (CNY) on, so many people approve.
_LEVELS = ((0, 1), (1_000_000, 2), (5_000_000, 3))
_SOURCES = ("上年同档期活动复盘", "商户收银数据与本行交易对照", "支行联合活动总结")


def build_funds(*, seed: str, on: dt.date) -> list[FundPlan]:
    """This will plan promotion money for the partnerships of the branch manager of the demo, have
    the first two plans approved, and spend of them, up to the day `on`."""
    rng = random.Random(f"{seed}:funds")
    chiefs = people.active_in_roles([Role.BRANCH_MANAGER])
    owner = next((one for one in chiefs if one.username == Role.BRANCH_MANAGER), None)
    approver = next(iter(people.active_in_roles([Role.APPROVER])), None)
    if owner is None or approver is None:
        return []
    for at_least, needed in _LEVELS:
        approvals.set_level(
            kind=operations.APPROVAL_KIND, effective_date=on - dt.timedelta(days=730),
            measure="budget", at_least=at_least, approvals_needed=needed,
            source="信用卡中心营销费用审批办法",
        )  # fmt: skip
    built: list[FundPlan] = []
    for name, before, budget, share in PLANS:
        first = _quarter(on, before)
        plan = _planned(rng, owner, name, first, _quarter(first, -1), Decimal(budget))
        if plan is None:
            return built
        if share:
            _approve(plan, approver, first)
            _spend(rng, plan, share, min(on, plan.last_date))
        built.append(plan)
    return built


def _quarter(on: dt.date, before: int) -> dt.date:
    """The first day of the quarter so many before that of a day."""
    return months.first_of(on, (on.month - 1) % 3 + 3 * before)


def _early(first: dt.date, days: int) -> dt.datetime:
    return clock.start_of(first - dt.timedelta(days=days)) + dt.timedelta(hours=10)


def _planned(
    rng: random.Random, owner: Staff, name: str, first: dt.date, end: dt.date, budget: Decimal
) -> FundPlan | None:
    at = _early(first, 12)
    plan = operations.make_plan(
        name=name, first_date=first, last_date=end - dt.timedelta(days=1), budget=budget,
        income_percent=Decimal("0.60"), reach_percent=Decimal(85),
        inputs_source="财务部上年度收单与活动核算", actor=owner, at=at,
    )  # fmt: skip
    ids = [row.pk for row in queries.candidates(plan)[:_MOST_PARTNERS]]
    lines = operations.add_partners(plan_id=plan.pk, partnership_ids=ids, actor=owner, at=at)
    if not lines:
        return None
    for line in lines:
        _respond(rng, line, owner, at)
    scenario = lines[0].partnership.merchant.category.scenario
    operations.set_share(
        plan_id=plan.pk, kind="scenario", value=scenario, least=10, most=60, actor=owner, at=at
    )
    operations.solve_plan(plan_id=plan.pk, actor=owner, at=at)
    plan.refresh_from_db()
    return plan


def _respond(rng: random.Random, line: FundLine, owner: Staff, at: dt.datetime) -> None:
    """Most rest on a past campaign, some on an estimate; what a plan before knew is kept."""
    values: dict[str, object] = {
        "least": Decimal(0), "most": Decimal(rng.randint(5, 9) * 10_000), "step": Decimal(10_000),
    }  # fmt: skip
    if line.basis == Basis.NONE:
        ceiling = Decimal(rng.randint(20, 120) * 10_000)
        spent = Decimal(rng.randint(2, 4) * 10_000)
        effect = (ceiling * Decimal(rng.randint(25, 55)) / 100).quantize(Decimal(1))
        values |= {
            "margin_percent": Decimal(rng.randint(18, 42)),
            "merchant_percent": Decimal(rng.choice([0, 20, 30, 40, 50])),
            "last_year": Decimal(rng.randint(0, 4) * 10_000),
            "source": rng.choice(_SOURCES), "ceiling": ceiling,
        }  # fmt: skip
        if rng.random() < 0.75:
            values |= {
                "basis": Basis.PAST, "past_spent": spent, "past_effect": effect,
                "past_low": (effect * Decimal("0.8")).quantize(Decimal(1)),
                "past_high": (effect * Decimal("1.2")).quantize(Decimal(1)),
            }  # fmt: skip
        else:
            values |= {
                "basis": Basis.ENTERED, "half": spent * 2, "source": "客户经理估计，参照同类商户",
            }  # fmt: skip
    operations.change_line(line_id=line.pk, values=values, actor=owner, at=at)


def _approve(plan: FundPlan, approver: Staff, first: dt.date) -> None:
    operations.submit_plan(plan_id=plan.pk, actor=plan.owner, at=_early(first, 10))
    plan.refresh_from_db()
    approvals.decide(
        submission_id=plan.submission_id or 0, checker=approver, verdict=Verdict.APPROVE,
        reason="测算依据充分，同意。", at=_early(first, 8),
    )  # fmt: skip
    plan.refresh_from_db()


def _spend(rng: random.Random, plan: FundPlan, share: float, end: dt.date) -> None:
    """Commitments early, claims and payments after them; managers book, the branch manager pays."""
    lines: Sequence[FundLine] = [line for line in queries.lines_of(plan) if line.chosen]
    days = max((end - plan.first_date).days, 1)
    for number, line in enumerate(lines, start=1):
        manager, whole = line.partnership.manager, line.account.allocated
        committed = _part(whole, share)
        day = plan.first_date + dt.timedelta(days=min(rng.randint(1, 20), days))
        named = f"{plan.pk}-{number:02d}"
        base = _book(rng, line, EntryKind.COMMIT, committed, f"HT-{named}", manager, day)
        if rng.random() < 0.2:
            continue
        claimed = _part(committed, rng.uniform(0.5, 0.9))
        day = min(day + dt.timedelta(days=rng.randint(5, 25)), end)
        claim = _book(rng, line, EntryKind.CLAIM, claimed, f"FP-{named}", manager, day, base)
        if rng.random() < 0.75 and manager.pk != plan.owner.pk:
            day = min(day + dt.timedelta(days=rng.randint(3, 12)), end)
            _book(rng, line, EntryKind.PAY, claimed, f"ZF-{named}", plan.owner, day, claim)


def _part(whole: Decimal, share: float) -> Decimal:
    return (whole * Decimal(str(round(share, 2)))).quantize(Decimal(1))


def _book(
    rng: random.Random, line: FundLine, kind: str, amount: Decimal, document: str, actor: Staff,
    day: dt.date, against: int | None = None,
) -> int:  # fmt: skip
    entry = operations.book_entry(
        line_id=line.pk, kind=kind, amount=amount, document=document, actor=actor,
        key=uuid.UUID(int=rng.getrandbits(128), version=4), against_id=against,
        at=clock.start_of(day) + dt.timedelta(hours=rng.randint(9, 16)),
    )  # fmt: skip
    return entry.pk
