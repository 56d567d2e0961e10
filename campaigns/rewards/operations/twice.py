"""What becomes of rewards that a person holds under several numbers: left so, for a reason, or one
of them claimed back by hand, as one person asks and another approves."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.benefits import operations as benefits
from campaigns.benefits.enums import Taken
from campaigns.budgets import operations as budgets
from campaigns.planning import queries as planning
from campaigns.rewards import queries
from campaigns.rewards.enums import ClawBackState, ReversalKind
from campaigns.rewards.models import ClawBack, GrantReversal, LookedAt
from campaigns.rewards.operations import reopening
from campaigns.rewards.operations.awarding import reference_of
from journeys.points import operations as points
from portal.approvals import operations as approvals
from portal.approvals import rules as approval_rules
from portal.audit import operations as audit
from portal.kit import clock, masking
from portal.staff.access import Scope
from portal.staff.models import Staff

CLAW_BACK_APPROVAL = "claw_back"
# Of what a person holds twice both may be asked back: until one is decided nobody looks at another.
_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('campaigns.claw_backs', 0))"


class TwiceRefused(Exception):
    """Raised where a mark or a claw-back cannot be; the text is a sentence for a person."""


def _plain(reason: str) -> str:
    words = masking.mask_text(reason.strip())[:200]
    if not words:
        raise TwiceRefused(_("Give the reason."))
    return words


@transaction.atomic
def look_at(
    *, grant_id: int, of_group: bool, reason: str, scope: Scope, actor: Staff, at: dt.datetime
) -> LookedAt:
    """This will note that somebody looked at what a person holds twice, of which `grant_id` was
    given last, and leaves it so. Raises TwiceRefused."""
    line = queries.twice_of(grant_id, of_group=of_group, scope=scope)
    if line is None:
        raise TwiceRefused(_("The person does not hold this twice any more."))
    words = _plain(reason)
    row = LookedAt(
        grant=line.latest, grants=line.ids, of_group=of_group, reason=words, looked_by=actor,
        looked_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as refused:
        if "looked_at_once" not in str(refused):
            raise
        raise TwiceRefused(_("Somebody looked at this already.")) from refused
    audit.record(
        action="twice.looked_at", actor=actor, at=at, target=row, reason=words,
        changes={"grants": line.ids, "of_group": of_group},
    )  # fmt: skip
    return row


@transaction.atomic
def ask_back(
    *, grant_id: int, reason: str, scope: Scope, maker: Staff, at: dt.datetime
) -> ClawBack:
    """This will put it before another person that one of the rewards which a person holds twice is
    claimed back. Raises TwiceRefused."""
    row = ClawBack(grant_id=grant_id, reason=_plain(reason), asked_by=maker, asked_at=at)
    if not queries.can_be_claimed(grant_id, scope=scope):
        raise TwiceRefused(_("The person does not hold this twice any more."))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as refused:
        if "claw_back_asked_once" not in str(refused):
            raise
        raise TwiceRefused(_("This waits for approval already.")) from refused
    approvals.submit(
        kind=CLAW_BACK_APPROVAL, target_key=str(row.pk), title=_title(row, "zh-hans"),
        title_en=_title(row, "en"), summary=row.reason, snapshot=_snapshot(row), maker=maker, at=at,
    )  # fmt: skip
    return row


def _title(row: ClawBack, language: str) -> str:
    with translation.override(language):
        return _("Claim back from customer {number}: {reward}").format(
            number=row.grant.customer.number, reward=queries.reward_of(row.grant)
        )[:200]


def _snapshot(row: ClawBack) -> dict[str, Any]:
    grant = row.grant
    return {
        "grant": grant.pk, "customer": grant.customer.number, "campaign": grant.campaign.code,
        "reward": grant.reward, "amount": str(grant.amount), "points": grant.points,
        "granted_on": grant.granted_date.isoformat(), "reason": row.reason,
        "beside": queries.held_beside(grant.pk),
    }  # fmt: skip


def current_claw_back_hash(target_key: str) -> str:
    """This will return the hash of what is to be claimed back as it stands, and keep that from
    other claw-backs until the caller's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_TURN)
    return approval_rules.snapshot_hash(_snapshot(ClawBack.objects.get(pk=target_key)))


def claw_back_change(_target_key: str, _snapshot_then: dict[str, Any]) -> str:
    """This will say what moved where a claw-back is not what was submitted any more."""
    return _("What the person holds under several numbers is not the same any more.")


def carry_claw_back(target_key: str, checker: Staff, at: dt.datetime) -> None:
    """This will claim back what `checker` approved: budget, stock and points go the way that they
    go after a refund; no lower tier is given. Of a benefit that was used the rest is taken back,
    and what was used is settled like any other. Raises approvals.ChangedSince where a refund took
    one of the rewards while this waited for the campaign's book."""
    row = ClawBack.objects.select_for_update().get(pk=target_key)
    grant = row.grant
    plan = planning.plans_of({grant.version_id})[grant.version_id]
    opened = budgets.open_book(
        campaign_id=grant.campaign_id, version_id=grant.version_id, run_id=None, plan=plan,
        customer_ids=[grant.customer_id], day=grant.granted_date, at=at,
    )  # fmt: skip
    if not queries.held_beside(grant.pk):
        raise approvals.ChangedSince(claw_back_change(target_key, {}))
    on = clock.bank_day(at)
    taken = benefits.take_back(grant_id=grant.pk, amount=grant.amount, lost_date=on, at=at)
    is_all = taken is Taken.ALL
    _settle(row, ClawBackState.DONE if is_all else ClawBackState.USED, checker, at)
    if not is_all:
        return
    GrantReversal.objects.create(
        grant=grant, kind=ReversalKind.GIVEN_TWICE, claw_back=row, on_date=on, at=at
    )
    freed = reopening.charge_of(grant, plan)
    points.take_back(references=[reference_of(grant.pk)], at=at)
    if freed:
        reopening.give_back(opened=opened, freed=freed, at=at)
    reopening.tell_what_is_left(grant=grant, at=at)


def leave_claw_back(target_key: str, actor: Staff | None, at: dt.datetime) -> None:
    """This will note that a claw-back was returned, withdrawn or void: the reward stays."""
    row = ClawBack.objects.select_for_update().get(pk=target_key)
    if row.state == ClawBackState.ASKED:
        _settle(row, ClawBackState.REFUSED, actor, at)


def _settle(row: ClawBack, state: ClawBackState, actor: Staff | None, at: dt.datetime) -> None:
    row.state, row.settled_by, row.settled_at = state, actor, at
    row.save(update_fields=["state", "settled_by", "settled_at"])
    audit.record(
        action=f"claw_back.{state.value}", actor=actor, at=at, target=row.grant.version,
        reason=row.reason, changes={"grant": row.grant_id, "asked_by": row.asked_by.username},
    )  # fmt: skip
