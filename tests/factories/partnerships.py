"""Partnerships, led by the operations themselves."""

import datetime as dt
from typing import Any

from merchants.models import Division, EvidenceRule, Partnership, PartnershipRule
from merchants.partnerships import operations
from portal.approvals import operations as approvals
from portal.kit import clock
from portal.models import Staff, Submission
from portal.staff.enums import Role
from tests.factories.merchants import ContractFactory, MerchantFactory
from tests.factories.portal import BranchFactory, StaffFactory

FIRST = dt.date(2026, 1, 5)
CITY = "330100"
RULE = {
    "least_days": 14, "return_days": 30, "stable_days": 60, "most_fall": 10, "alarms_a_week": 2,
    "second_person": ["prospect-confirmed"], "source": "Board",
}  # fmt: skip


def set_rule(**values: Any) -> PartnershipRule:
    """A rule that holds from the first day of these tests on."""
    day = values.pop("effective_date", dt.date(2025, 12, 1))
    return PartnershipRule.objects.get_or_create(effective_date=day, defaults={**RULE, **values})[0]


def hear(kind: str, *, limit: int, over: int = 0, **values: Any) -> EvidenceRule:
    """A rule of evidence of the tests: of all kinds that are heard, this one, from their first day
    on."""
    day = dt.date(2025, 12, 1)
    usual = {"limit": limit, "over": over, "stake": 10, "source": "Board", **values}
    return EvidenceRule.objects.get_or_create(kind=kind, effective_date=day, defaults=usual)[0]


def manager(**values: Any) -> Staff:
    values.setdefault("branch", None)
    branch = values.pop("branch") or BranchFactory()
    return StaffFactory(role=Role.RELATIONSHIP_MANAGER, branch=branch, **values)


def begun(*, on: dt.date = FIRST, peers: int = 2, **values: Any) -> Partnership:
    """A partnership that began as a prospect, with others of its scenario and city."""
    set_rule()
    merchant = values.pop("merchant", None)
    if merchant is None:
        leader = values.pop("manager", None) or manager()
        if Division.objects.exists():  # some other test may have left a few of them only
            Division.objects.get_or_create(code=CITY[:4], defaults={"name": "杭州市"})
        merchant = MerchantFactory(branch=leader.branch, manager=leader, division_code=CITY)
    for _number in range(peers):
        MerchantFactory(branch=merchant.branch, division_code=merchant.division_code)
    return operations.open_partnership(
        merchant_id=merchant.pk, scenarios=["dining"], phase=values.pop("phase", "prospect"),
        reason="首次拜访", actor=merchant.manager, at=clock.start_of(on),
    )  # fmt: skip


def moved(partnership: Partnership, to: str, *, on: dt.date, **values: Any) -> Any:
    """The partnership moved on a day by its manager."""
    partnership.refresh_from_db()
    return operations.change_phase(
        partnership_id=partnership.pk, to=to, reason=values.pop("reason", "原因"), **{
            "after": partnership.moved, "actor": partnership.manager,
            "at": clock.start_of(on), **values,
        },
    )  # fmt: skip


def contracted(partnership: Partnership, *, on: dt.date, days: int = 365) -> None:
    """The partnership's merchant with a contract that holds from a day on, for so many days."""
    ContractFactory(
        merchant=partnership.merchant, signed_date=on, first_date=on,
        last_date=on + dt.timedelta(days=days - 1),
    )  # fmt: skip


def chief(partnership: Partnership) -> Staff:
    return StaffFactory(role=Role.BRANCH_MANAGER, branch=partnership.branch)


def asked(partnership: Partnership, to: str, *, on: dt.date, **values: Any) -> Any:
    """A move that a second person must allow, asked for on a day."""
    partnership.refresh_from_db()
    return operations.ask_move(
        partnership_id=partnership.pk, to=to, reason=values.pop("reason", "情况特殊"), **{
            "after": partnership.moved, "actor": partnership.manager,
            "at": clock.start_of(on), **values,
        },
    )  # fmt: skip


def decided(request: Any, verdict: str, *, on: dt.date, reason: str = "") -> Submission:
    return approvals.decide(
        submission_id=request.submission_id, checker=chief(request.partnership), verdict=verdict,
        reason=reason, at=clock.start_of(on),
    )  # fmt: skip


def in_phase(phase: str, *, on: dt.date = FIRST, **values: Any) -> Partnership:
    """A partnership that came to a phase by the shortest way, the last move on or after `on`."""
    partnership = begun(on=on, **values)
    day = on
    for to in _WAY[phase]:
        day += dt.timedelta(days=70)
        if to == "confirmed":
            contracted(partnership, on=day, days=1000)
        if to == "perfect":
            decided(asked(partnership, to, on=day), "approve", on=day)
        else:
            moved(partnership, to, on=day)
    partnership.refresh_from_db()
    return partnership


_WAY = {
    "prospect": [],
    "comparison": ["comparison"],
    "confirmed": ["comparison", "confirmed"],
    "perfect": ["comparison", "confirmed", "perfect"],
    "wavering": ["comparison", "confirmed", "wavering"],
    "adjustment": ["comparison", "confirmed", "adjustment"],
    "ended": ["ended"],
}
