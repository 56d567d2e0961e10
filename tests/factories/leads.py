"""Leads that somebody has, and the policy of their pool."""

import datetime as dt
from importlib import import_module
from typing import Any

from django.db import connection

from journeys.telemarketing import operations
from journeys.telemarketing.enums import MovePath, NextStep
from journeys.telemarketing.models import Disposition, Lead, LeadCall, PoolPolicy
from merchants.models import StaffQualification
from portal.models import Branch, Staff
from portal.staff.enums import Role
from tests.factories.portal import StaffFactory

FACTS: dict[str, Any] = {
    "sight": "branch", "claim_cap": 100, "protection_days": 15, "extension_days": 10,
    "longest_days": 60, "cooldown_days": 7, "hold_minutes": 20, "most_attempts": 6,
    "again_hours": 20,
}  # fmt: skip
MANY = """
INSERT INTO journeys_lead (number, kind, name, company, phone_sealed, phone_index, phone_masked,
    callee, source, lawful_basis, branch_id, state, created_at, reason, moved, priority, attempts,
    campaign, basis_words, alike, is_sole)
SELECT 'B' || i, 'person', '王小明', '', 's', 'i', '', substring(sha256(('p' || i)::bytea), 1, 16),
    'registry', 'public_data', %s, 'new', %s - make_interval(mins => i::int), '', 0,
    i %% 100, 0, '', '', substring(sha256(('a' || i)::bytea), 1, 16), TRUE
FROM (SELECT (SELECT count(*) FROM journeys_lead) + place FROM generate_series(1, %s) AS place)
    AS every(i)
"""


def fill_pool(branch: Branch, *, count: int = 20_000, at: dt.datetime | None = None) -> None:
    """Many free leads of a pool, counted for the planner: of few rows, or of none that
    were counted, any plan may be the cheapest."""
    with connection.cursor() as cursor:
        cursor.execute(MANY, [branch.pk, at or _at(dt.date(2026, 1, 1)), count])
        cursor.execute("ANALYZE journeys_lead")


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


def outcome(code: str = "tried", **values: Any) -> Disposition:
    """What a call may come to under a code, made as told where nothing has it: otherwise the person
    was reached, and is called again as the pool's policy says."""
    found = Disposition.objects.filter(code=code, ended_at=None).first()
    if found is not None:
        return found
    usual: dict[str, Any] = {"source": "x", "set_at": _at(dt.date(2000, 1, 1))}
    group = Disposition.objects.get_or_create(
        code="of_tests", ended_at=None,
        defaults={"place": 9, "name": "测试", "name_en": "Tests", **usual},
    )[0]  # fmt: skip
    return Disposition.objects.create(
        code=code, parent=group, place=group.parts.filter(ended_at=None).count() + 1, name=code,
        name_en=code, **{"is_reached": True, **usual, **values},
    )  # fmt: skip


def standard_tree() -> None:
    """The dispositions as they are delivered; tests of browsers and races begin without them."""
    usual: dict[str, Any] = {"source": "x", "set_at": _at(dt.date(2000, 1, 1))}
    delivered = import_module("journeys.migrations.0160_call_wrap_up_guards")
    if Disposition.objects.filter(code=delivered.TREE[0][0]).exists():
        return
    for code, place, name, name_en, parts in delivered.TREE:
        group = Disposition.objects.create(
            code=code, place=place, name=name, name_en=name_en, **usual
        )
        for part, key, chinese, english, flags, hours, rotates, most in parts:
            Disposition.objects.create(
                code=part, parent=group, place=key, name=chinese, name_en=english,
                recycle_hours=hours, rotates_hours=rotates, most_calls=most,
                **dict.fromkeys(flags.split(), True), **usual,
            )  # fmt: skip


def called(
    person: Staff,
    at: dt.datetime,
    *,
    code: str = "tried",
    promised_at: dt.datetime | None = None,
    **said: Any,
) -> LeadCall:
    """The call of what somebody has in hand, with the usual step after its outcome, or a promise;
    `said` is what is written down besides."""
    came_to = outcome(code)
    step = NextStep.CALLBACK if promised_at else came_to.steps[0]
    return operations.wrap_up(
        caller=person, at=at, disposition=came_to, next_step=step, promised_at=promised_at,
        said=operations.Said(**said),
    )  # fmt: skip


def _at(on: dt.date) -> dt.datetime:
    return dt.datetime.combine(on, dt.time(), dt.UTC)
