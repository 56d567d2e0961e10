"""Leads that somebody has, and the policy of their pool."""

import datetime as dt
from typing import Any

from journeys.telemarketing import operations
from journeys.telemarketing.enums import MovePath
from journeys.telemarketing.models import Lead, PoolPolicy
from merchants.models import StaffQualification
from portal.models import Branch, Staff
from portal.staff.enums import Role
from tests.factories.portal import StaffFactory

FACTS: dict[str, Any] = {
    "sight": "branch", "claim_cap": 100, "protection_days": 15, "extension_days": 10,
    "longest_days": 60, "cooldown_days": 7, "hold_minutes": 20, "most_attempts": 6,
    "again_hours": 20,
}  # fmt: skip


def set_policy(
    branch: Branch | None = None, *, on: dt.date = dt.date(2000, 1, 1), **changes: Any
) -> PoolPolicy:
    """The policy as it is delivered; tests of races begin without it. With a branch or changes,
    another one, whatever its day."""
    figures = {**FACTS, **changes}
    if branch is None and not changes:
        return PoolPolicy.objects.get_or_create(
            branch=None, effective_date=on, defaults={**figures, "source": "x", "set_at": _at(on)}
        )[0]
    return PoolPolicy.objects.create(
        branch=branch, effective_date=on, source="x", set_at=_at(on), **figures
    )


def moved(lead: Lead, *, owner: Staff | None, state: str) -> Lead:
    """The lead as its list says that it is owned and stands."""
    if owner is None and state == "new":
        return lead
    set_policy()
    path = MovePath.CALL_OFF if state == "off" else MovePath.IMPORT
    one = operations.Move(lead.pk, owner.pk if owner else None, state)
    operations.move(moves=[one], path=path, actor=None, at=lead.created_at)
    lead.refresh_from_db()
    return lead


def caller(branch: Branch, *, until: dt.date = dt.date(2099, 12, 31), **values: Any) -> Staff:
    """A telemarketer of a branch who is qualified until a day."""
    person = StaffFactory(role=Role.TELEMARKETER, branch=branch, **values)
    StaffQualification.objects.create(
        staff=person, kind="cards", source="证书", recorded_at=_at(dt.date(2026, 1, 1)),
        first_date=dt.date(2026, 1, 1), last_date=until,
    )  # fmt: skip
    return person


def _at(on: dt.date) -> dt.datetime:
    return dt.datetime.combine(on, dt.time(), dt.UTC)
