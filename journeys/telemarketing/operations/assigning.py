"""Sharing out leads of the pool among people, and giving them to others."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.telemarketing import queries, rules
from journeys.telemarketing.enums import LeadState, MovePath, PassedOver
from journeys.telemarketing.models import Lead, LeadAssignment
from journeys.telemarketing.operations import moving
from journeys.telemarketing.operations.refusing import LeadRefused
from journeys.telemarketing.rules import Taker
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.access import scope_of
from portal.staff.enums import Permission, Role
from portal.staff.models import Staff


@transaction.atomic
def assign_leads(
    *, lead_ids: Sequence[int], takers: Sequence[Taker], actor: Staff, at: dt.datetime
) -> LeadAssignment:
    """This will share out leads of the pool among people by weight, within quotas and the policy's
    cap (`rules.share_out`): in the order of `lead_ids`, the same each time, and each lead's move
    says why. Those that nobody may have, that may not be called, or that somebody has in hand,
    stay in the pool. Raises LeadRefused, where nobody gets any too."""
    moving.refuse_without(actor=actor, permission=Permission.ASSIGN_LEADS)
    staff = _takers_locked(takers, actor)
    found = {row.pk: row for row in moving.within_branches(lead_ids=lead_ids, actor=actor)}
    callable_ids = queries.callable_among(lead_ids, at=at)
    leads = [
        found[pk]
        for pk in dict.fromkeys(lead_ids)
        if pk in callable_ids and found[pk].state == LeadState.NEW
        and found[pk].owner_id is None and found[pk].holder_id is None
    ]  # fmt: skip
    shares = queries.shares_among(takers, on=clock.bank_day(at))
    lines = rules.share_out(queries.wanted_by(leads, staff.values(), at=at), shares)
    given = [line for line in lines if line.staff_id is not None]
    if not given:
        raise LeadRefused(_nobody(leads, lines))
    made = LeadAssignment.objects.create(
        branch_id=actor.branch_id, actor=actor, at=at, asked=len(found), given=len(given),
        shares=[
            {"staff": one.staff_id, "weight": one.weight, "quota": one.quota, "held": one.held,
             "out": one.out}
            for one in shares
        ],
    )  # fmt: skip
    moving.move(
        moves=[
            moving.Move(line.lead_id, line.staff_id, LeadState.NEW, _why(line)) for line in given
        ],
        path=MovePath.ASSIGN, actor=actor, at=at, assignment=made,
    )  # fmt: skip
    changes = {"leads": len(given), "assignment": made.pk}
    audit.record(action="leads.assigned", actor=actor, at=at, target=made, changes=changes)
    return made


@transaction.atomic
def hand_over_leads(
    *,
    lead_ids: Sequence[int],
    takers: Sequence[Taker],
    actor: Staff,
    at: dt.datetime,
    why: str,
) -> LeadAssignment:
    """This will take leads back from their owners and share them out among others, through the
    pool, in one step; where nobody may have one it stays there. Raises LeadRefused."""
    _takers_locked(takers, actor)
    moving.take_back_leads(lead_ids=lead_ids, actor=actor, at=at, why=why)
    return assign_leads(lead_ids=lead_ids, takers=takers, actor=actor, at=at)


def _takers_locked(takers: Sequence[Taker], actor: Staff) -> dict[int, Staff]:
    """The people by id, locked before any lead. Raises LeadRefused."""
    ids = [one.staff_id for one in takers]
    if not ids or len(set(ids)) != len(ids) or any(one.weight < 1 for one in takers):
        raise LeadRefused(_("Choose who gets leads: each person once, with a weight from 1 on."))
    rows = Staff.objects.filter(
        scope_of(actor).branches(), pk__in=ids, role=Role.TELEMARKETER, is_active=True
    )
    rows = rows.select_for_update(of=("self",), no_key=True).select_related("branch")
    found = {row.pk: row for row in rows.order_by("pk")}
    if len(found) != len(ids):
        raise LeadRefused(_("Choose telemarketers of your branch and of those below it."))
    return found


def _why(line: rules.Line) -> dict[str, Any]:
    return {
        "place": line.place, "given": line.given, "weight": line.weight, "weights": line.weights,
        "passed": [list(one) for one in line.passed],
    }  # fmt: skip


def _nobody(leads: Sequence[Lead], lines: Sequence[rules.Line]) -> str:
    """Why nothing is assigned."""
    if not leads:
        return _("None of these leads is free and may be called; choose others.")
    codes = sorted({against for line in lines for _who, against in line.passed})
    words = " · ".join(str(PassedOver(code).label) for code in codes)
    return _("Nobody of these people may have these leads: {why}.").format(why=words)
