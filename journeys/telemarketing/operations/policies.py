"""Setting the policy of a pool."""

import datetime as dt
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.telemarketing.models import PoolPolicy
from journeys.telemarketing.operations.moving import refuse_without
from journeys.telemarketing.operations.refusing import LeadRefused, in_words
from portal.audit import operations as audit
from portal.kit import clock, masking
from portal.staff import queries as staff
from portal.staff.enums import BranchLevel, Permission
from portal.staff.models import Staff


@dataclass(frozen=True)
class PolicyFacts:
    """What a policy says."""

    sight: str
    claim_cap: int
    protection_days: int
    extension_days: int
    longest_days: int
    cooldown_days: int
    hold_minutes: int
    most_attempts: int
    again_hours: int


@transaction.atomic
def set_pool_policy(
    *,
    branch_id: int | None,
    facts: PolicyFacts,
    effective_date: dt.date,
    source: str,
    actor: Staff,
    at: dt.datetime,
    is_lifted: bool = False,
) -> PoolPolicy:
    """This will set what holds for a branch's leads from a day on, today at the earliest; without a
    branch for the whole bank, by the head office alone. With `is_lifted` the branch follows the one
    above again. Protections that run stay as they are. Raises LeadRefused."""
    refuse_without(actor=actor, permission=Permission.ASSIGN_LEADS)
    below = {row.pk: row for row in staff.branches_below(actor.branch.path)}
    branch = below.get(branch_id) if branch_id is not None else None
    if branch_id is None and actor.branch.level != BranchLevel.HEAD_OFFICE:
        raise LeadRefused(_("The policy of the whole bank is set at the head office."))
    if branch_id is not None and branch is None:
        raise LeadRefused(_("Set the policy of your branch and of those below it."))
    if effective_date < clock.bank_day(at):
        raise LeadRefused(_("A policy holds from today on at the earliest: choose a later day."))
    if not source.strip():
        raise LeadRefused(_("Say where this policy comes from."))
    if is_lifted and branch is None:
        raise LeadRefused(_("There is nothing above the whole bank: give its figures."))
    with in_words():
        row = PoolPolicy.objects.create(
            branch=branch, effective_date=effective_date, is_lifted=is_lifted,
            source=masking.mask_text(source.strip())[:200], set_by=actor, set_at=at,
            **asdict(facts),
        )  # fmt: skip
    changes = {"from": str(effective_date), "branch": branch.code if branch else ""}
    audit.record(
        action="pool_policy.set", actor=actor, at=at, target=row, reason=row.source,
        changes=changes | ({"is_lifted": True} if is_lifted else asdict(facts)),
    )  # fmt: skip
    return row
