"""Moves that a second person must allow."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.partnerships import queries
from merchants.partnerships.enums import Phase, RequestState
from merchants.partnerships.models import MoveRequest, Partnership
from merchants.partnerships.operations.guards import locked, words
from merchants.partnerships.operations.moving import (
    MoveNotAllowed,
    check_follows,
    check_seen,
    judge,
    write_move,
)
from merchants.partnerships.rules import evidence as evidences
from portal.approvals import operations as approvals
from portal.approvals import rules as approval_rules
from portal.kit import clock
from portal.staff.models import Staff

APPROVAL_KIND = "phase_change"


@transaction.atomic
def ask_move(
    *,
    partnership_id: int,
    to: str,
    after: int,
    reason: str,
    actor: Staff,
    at: dt.datetime,
    suggestion_id: int | None = None,
) -> MoveRequest:
    """This will put a move before a second person, with its reason and what is known now. Raises
    PartnershipNotAllowed, MovedMeanwhile, MoveNotAllowed."""
    partnership = locked(partnership_id=partnership_id, actor=actor)
    reason = words(reason)
    check_seen(partnership, after)
    check_follows(partnership, suggestion_id, to)
    if queries.request_of(partnership) is not None:
        raise MoveNotAllowed(_("A move of this partnership waits for a second person already."))
    evidence, _verdict = judge(partnership, to=to, on=clock.bank_day(at))
    merchant = partnership.merchant
    submission = approvals.submit(
        kind=APPROVAL_KIND,
        target_key=str(partnership.pk),
        title=merchant.name[:200],
        title_en=merchant.name_en[:200],
        summary=reason,
        snapshot=_snapshot(partnership, to, reason, evidence.as_json()),
        maker=actor,
        at=at,
    )
    return MoveRequest.objects.create(
        partnership=partnership, after=partnership.moved, to_phase=to, reason=reason,
        evidence=evidence.as_json(), suggestion_id=suggestion_id, submission=submission,
        asked_by=actor, asked_at=at,
    )  # fmt: skip


def _snapshot(
    partnership: Partnership, to: str, reason: str, evidence: dict[str, Any]
) -> dict[str, Any]:
    return {
        "merchant": partnership.merchant.number,
        "from": partnership.phase,
        "to": to,
        "after": partnership.moved,
        "reason": reason,
        "evidence": evidence,
    }


@transaction.atomic
def withdraw_move(*, request_id: int, actor: Staff, at: dt.datetime) -> None:
    """This will take back what a person asked for. Raises approvals.NotPending, NotAllowed."""
    request = MoveRequest.objects.get(pk=request_id)
    approvals.withdraw(submission_id=request.submission_id, maker=actor, at=at)


def _waiting(target_key: str) -> MoveRequest:
    """The request that waits, its partnership locked."""
    rows = Partnership.objects.select_for_update(of=("self",), no_key=True)
    partnership = rows.select_related("merchant__category", "branch", "manager").get(pk=target_key)
    request = partnership.requests.filter(state=RequestState.WAITING).get()
    request.partnership = partnership
    return request


def current_hash(target_key: str) -> str:
    """This will return the hash of the move that waits, as the partnership stands now."""
    partnership = Partnership.objects.select_related("merchant").get(pk=target_key)
    request = partnership.requests.filter(state=RequestState.WAITING).first()
    if request is None:
        return ""
    return approval_rules.snapshot_hash(
        _snapshot(partnership, request.to_phase, request.reason, request.evidence)
    )


def still_barred(target_key: str, _given: dict[str, Any], at: dt.datetime) -> str:
    """This will say what nobody can set aside and stands against the move now; "" for nothing."""
    request = _waiting(target_key)
    try:
        judge(request.partnership, to=request.to_phase, on=clock.bank_day(at))
    except MoveNotAllowed as barred:
        return str(barred)
    return ""


def carry_allowed(target_key: str, _checker: Staff, at: dt.datetime) -> None:
    """This will make the move that a second person allowed. Raises MoveNotAllowed."""
    request = _waiting(target_key)
    judge(request.partnership, to=request.to_phase, on=clock.bank_day(at))
    write_move(
        partnership=request.partnership,
        to=Phase(request.to_phase),
        reason=request.reason,
        evidence=evidences.read(request.evidence),
        actor=request.asked_by,
        at=at,
        suggestion_id=_open_suggestion(request),
        approval_id=request.submission_id,
    )
    MoveRequest.objects.filter(pk=request.pk).update(state=RequestState.APPROVED)


def _open_suggestion(request: MoveRequest) -> int | None:
    """The suggestion that the move follows, where nobody settled it meanwhile."""
    found = queries.suggestion_of(request.partnership)
    return found.pk if found is not None and found.pk == request.suggestion_id else None


def carry_refused(target_key: str, _checker: Staff | None, _at: dt.datetime) -> None:
    """This will take note that a move was not allowed, was withdrawn, or became void."""
    MoveRequest.objects.filter(partnership=int(target_key), state=RequestState.WAITING).update(
        state=RequestState.RETURNED
    )
