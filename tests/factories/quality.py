"""Calls that are drawn and read."""

import datetime as dt
from typing import Any

from journeys.telemarketing import operations
from journeys.telemarketing.models import (
    Lead,
    LeadHold,
    QualityCase,
    QualityDraw,
    QualityForm,
    QualityPolicy,
    QualityReview,
)
from portal.kit import clock
from portal.models import Branch, Staff
from portal.staff.enums import Role
from tests.factories.portal import StaffFactory

CRITERIA = [
    {"code": "identity", "name": "说明身份", "name_en": "Said who calls", "weight": 60,
     "grave": True},
    {"code": "manner", "name": "语气礼貌", "name_en": "Was polite", "weight": 40, "grave": False},
]  # fmt: skip
MET = {"identity": "met", "manner": "met"}
FIGURES: dict[str, Any] = {
    "random_percent": 10, "random_least": 1, "random_most": 10, "risk_most": 3,
    "short_seconds": 15, "sale_seconds": 120, "new_days": 30, "second_percent": 20,
    "dispute_days": 10,
}  # fmt: skip
_OLD = dt.date(2001, 1, 1)


def set_rules(*, on: dt.date = _OLD, **changes: Any) -> tuple[QualityPolicy, QualityForm]:
    """A policy and a form that hold from a day on, later than those that are delivered."""
    at = clock.start_of(on)
    policy = QualityPolicy.objects.get_or_create(
        effective_date=on, defaults={**FIGURES, **changes, "source": "x", "set_at": at}
    )[0]
    form = QualityForm.objects.get_or_create(
        effective_date=on, defaults={"criteria": CRITERIA, "source": "x", "set_at": at}
    )[0]
    return policy, form


def held(
    lead: Lead, holder: Staff, at: dt.datetime, *, seconds: int = 300, called: bool = True
) -> LeadHold:
    """That somebody had a lead in hand for so long, and called at its end."""
    ended = at + dt.timedelta(seconds=seconds)
    return LeadHold.objects.create(
        lead=lead, holder=holder, taken_at=at, called_at=ended if called else None,
        ended_at=ended, end="called" if called else "put_down", reasons=[],
    )  # fmt: skip


def drawn(hold: LeadHold, *, branch: Branch | None = None, **values: Any) -> QualityCase:
    """A case of a call, of the draw of its day and branch."""
    assert hold.called_at is not None
    branch, on = branch or hold.holder.branch, clock.bank_day(hold.called_at)
    policy, form = set_rules()
    draw = QualityDraw.objects.get_or_create(
        branch=branch, called_date=on,
        defaults={
            "seed": "0" * 32, "policy": policy, "form": form, "holds": [hold.pk], "calls": 9,
            "random": 9, "by_risk": 0, "drawn_at": hold.called_at,
        },
    )[0]  # fmt: skip
    given = {"reason": "random", "caller": hold.holder, "called_at": hold.called_at, **values}
    return QualityCase.objects.create(draw=draw, hold=hold, branch=branch, **given)


def reader() -> Staff:
    """Somebody of compliance."""
    return StaffFactory(role=Role.COMPLIANCE)


def read(
    case: QualityCase, by: Staff | None = None, *, at: dt.datetime | None = None, **marks: str
) -> QualityReview:
    """A reading of a case, a day after the call."""
    case.refresh_from_db()
    return operations.read_call(
        case_id=case.pk, reader=by or reader(), marks={**MET, **marks}, words="",
        at=at or case.called_at + dt.timedelta(days=1),
    )  # fmt: skip
