"""Whether a merchant is a partner: asked for by its manager, decided by a second person."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.directory import queries
from merchants.directory.enums import PartnerStep, RequestState
from merchants.directory.models import Merchant, PartnerRequest
from merchants.directory.operations.refusing import DirectoryRefused, in_words
from portal.approvals import operations as approvals
from portal.approvals.rules import snapshot_hash
from portal.audit import operations as audit
from portal.kit import clock, masking
from portal.staff.models import Staff

APPROVAL_KIND = "merchant_partner"


@transaction.atomic
def ask_partner(
    *, merchant: Merchant, step: str, reason: str, actor: Staff, at: dt.datetime
) -> PartnerRequest:
    """This will ask a second person to admit a merchant as a partner, or to release one. Raises
    DirectoryRefused, which says what is missing."""
    row = Merchant.objects.select_for_update(of=("self",)).get(pk=merchant.pk)
    if lacks := queries.lacks_for(row, step):
        raise DirectoryRefused(" ".join(str(sentence) for sentence in lacks))
    with in_words():
        request = PartnerRequest.objects.create(
            merchant=row,
            step=step,
            reason=masking.mask_text(reason),
            asked_by=actor,
            asked_at=at,
        )
    approvals.submit(
        kind=APPROVAL_KIND,
        target_key=row.number,
        title=row.name,
        title_en=row.name_en,
        summary=request.reason,
        snapshot=queries.partner_snapshot(row.number),
        maker=actor,
        at=at,
    )
    audit.record(
        action="merchant.partner_asked",
        actor=actor,
        at=at,
        target=row,
        reason=reason,
        changes={"step": step},
    )
    return request


def current_hash(key: str) -> str:
    """This will return the hash of what is asked for a merchant as it stands."""
    return snapshot_hash(queries.partner_snapshot(key))


def carry_partner(key: str, actor: Any, at: dt.datetime) -> None:
    """This will do what was approved."""
    request = _closed(key, RequestState.APPROVED, at)
    merchant = request.merchant
    is_partner = request.step == PartnerStep.ADMIT
    merchant.is_partner = is_partner
    merchant.joined_date = clock.bank_day(at) if is_partner else merchant.joined_date
    merchant.save(update_fields=["is_partner", "joined_date"])
    audit.record(
        action="merchant.partner_admitted" if is_partner else "merchant.partner_released",
        actor=actor,
        at=at,
        target=merchant,
        reason=request.reason,
    )


def leave_partner(key: str, _actor: Any, at: dt.datetime) -> None:
    """This will leave the merchant as it is."""
    _closed(key, RequestState.RETURNED, at)


def _closed(key: str, state: RequestState, at: dt.datetime) -> PartnerRequest:
    request = (
        PartnerRequest.objects.select_for_update(of=("self",))
        .select_related("merchant")
        .get(merchant__number=key, state=RequestState.PENDING)
    )
    request.state, request.closed_at = state, at
    request.save(update_fields=["state", "closed_at"])
    return request


def refuse_if_pending(merchant: Merchant) -> None:
    """This will refuse what a request that waits would no longer be about. Raises
    DirectoryRefused."""
    if merchant.partner_requests.filter(state=RequestState.PENDING).exists():
        raise DirectoryRefused(
            _("A request about this merchant waits for approval; have it decided or withdrawn.")
        )
