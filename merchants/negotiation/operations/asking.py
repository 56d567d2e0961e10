"""Agreed terms beyond the limits, which a second person must allow."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.negotiation import queries
from merchants.negotiation.enums import Stage
from merchants.negotiation.models import Negotiation, Offer, TermsRequest
from merchants.negotiation.operations.guards import (
    NegotiationRefused,
    check_seen,
    locked,
    reason_in,
)
from merchants.negotiation.operations.moving import judge, keep_evidence, write_stage
from merchants.partnerships.enums import RequestState
from portal.approvals import operations as approvals
from portal.approvals import rules as approval_rules
from portal.kit import clock
from portal.staff.models import Staff

APPROVAL_KIND = "negotiation_terms"


@transaction.atomic
def ask_terms(
    *, negotiation_id: int, after: int, reason: str, actor: Staff, at: dt.datetime
) -> TermsRequest:
    """This will put the agreed terms before a second person, with what the bank pays and gave up
    and the figures behind it. Raises NegotiationRefused, ChangedMeanwhile."""
    negotiation = locked(negotiation_id=negotiation_id, actor=actor)
    reason = reason_in(reason)
    check_seen(negotiation, after)
    if queries.request_of(negotiation) is not None:
        raise NegotiationRefused(_("These terms wait for a second person already."))
    keep_evidence(negotiation=negotiation, actor=actor, at=at)
    verdict = judge(negotiation, to=Stage.SIGNING, on=clock.bank_day(at))
    if not verdict.needs_second:
        raise NegotiationRefused(_("These terms are within the limits: nobody else is needed."))
    offer = queries.agreed_offer(negotiation)
    assert offer is not None  # noqa: S101 (the move to agreement names one)
    merchant = negotiation.partnership.merchant
    records = _plain(queries.records_of(negotiation, on=clock.bank_day(at)))
    submission = approvals.submit(
        kind=APPROVAL_KIND,
        target_key=str(negotiation.pk),
        title=merchant.name[:200],
        title_en=merchant.name_en[:200],
        summary=reason,
        snapshot=_snapshot(negotiation, offer, reason, at) | {"records": records},
        maker=actor,
        at=at,
        co_authors=_had_a_part(negotiation, offer),
    )
    return TermsRequest.objects.create(
        negotiation=negotiation, after=negotiation.moved, offer=offer, reason=reason,
        submission=submission, asked_by=actor, asked_at=at,
    )  # fmt: skip


def _plain(figures: Mapping[str, Decimal | None]) -> dict[str, str | None]:
    return {code: None if value is None else str(value) for code, value in figures.items()}


def _snapshot(
    negotiation: Negotiation, offer: Offer, reason: str, at: dt.datetime
) -> dict[str, Any]:
    """What waits, by the figures that hold; beside it stands what records said when it was asked
    for, for they go on."""
    first = queries.first_of_bank(queries.offers_of(negotiation))
    basis = queries.basis_of(negotiation, on=clock.bank_day(at))
    return {
        "merchant": negotiation.partnership.merchant.number,
        "after": negotiation.moved,
        "offer": offer.pk,
        "side": offer.side,
        "terms": offer.plain.as_json(),
        "first": first and first.as_json(),
        "figures": _plain(basis),
        "reason": reason,
    }


def _had_a_part(negotiation: Negotiation, offer: Offer) -> list[Staff]:
    """Who recorded the offer that was agreed on, or a figure by which it is reckoned: none of them
    allows it."""
    entered = {row.entered_by for row in negotiation.figures.select_related("entered_by")}
    return sorted({offer.recorded_by, *entered}, key=lambda one: one.pk)


@transaction.atomic
def withdraw_terms(*, request_id: int, actor: Staff, at: dt.datetime) -> None:
    """This will take back what a person asked for. Raises approvals.NotPending, NotAllowed."""
    request = TermsRequest.objects.get(pk=request_id)
    approvals.withdraw(submission_id=request.submission_id, maker=actor, at=at)


def _waiting(target_key: str) -> TermsRequest:
    """The request that waits, its negotiation locked."""
    rows = Negotiation.objects.select_for_update(of=("self",), no_key=True)
    related = ("partnership__merchant__category", "partnership__branch", "partnership__manager")
    negotiation = rows.select_related(*related).get(pk=target_key)
    request = negotiation.requests.filter(state=RequestState.WAITING).get()
    request.negotiation = negotiation
    return request


def current_hash(target_key: str) -> str:
    """This will return the hash of the terms that wait, as the negotiation stands now."""
    rows = Negotiation.objects.select_related("partnership__merchant")
    negotiation = rows.get(pk=target_key)
    request = queries.request_of(negotiation)
    if request is None or not negotiation.partnership.is_open:
        return ""
    stands = _snapshot(negotiation, request.offer, request.reason, request.asked_at)
    # As they were told then; what was asked for before records were told has none.
    told = request.submission.snapshot.get("records")
    return approval_rules.snapshot_hash(stands if told is None else {**stands, "records": told})


def carry_terms(target_key: str, _checker: Staff, at: dt.datetime) -> None:
    """This will move on to signing what a second person allowed."""
    request = _waiting(target_key)
    write_stage(
        negotiation=request.negotiation, to=Stage.SIGNING, reason=request.reason,
        actor=request.asked_by, at=at, approval_id=request.submission_id,
    )  # fmt: skip
    TermsRequest.objects.filter(pk=request.pk).update(state=RequestState.APPROVED)


def leave_terms(target_key: str, _checker: Staff | None, _at: dt.datetime) -> None:
    """This will take note that terms were not allowed, were withdrawn, or became void."""
    TermsRequest.objects.filter(negotiation=int(target_key), state=RequestState.WAITING).update(
        state=RequestState.RETURNED
    )
