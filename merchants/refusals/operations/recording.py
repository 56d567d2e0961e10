"""Recording what a merchant said no with, and what becomes of it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.directory.models import MerchantContact
from merchants.partnerships.models import Partnership
from merchants.prospects.models import MerchantDeal, MerchantLead
from merchants.refusals.access import may_talk_to
from merchants.refusals.enums import RefusalState
from merchants.refusals.models import Refusal, RefusalReason
from merchants.refusals.operations.guards import (
    RefusalNotAllowed,
    check_day,
    contact_at,
    locked,
    words,
)
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.models import Staff


@transaction.atomic
def record_refusal(
    *,
    partnership_id: int,
    reason_id: int,
    said: str,
    said_date: dt.date,
    actor: Staff,
    at: dt.datetime,
    contact: str = "",
    or_ended: bool = False,
) -> Refusal:
    """This will record what a partner said no with, in their words; `contact` is the number of the
    person there who said it. With `or_ended` also of one that is a partner no more. Raises
    RefusalNotAllowed."""
    rows = Partnership.objects.select_related("merchant", "manager", "branch")
    partnership = rows.get(pk=partnership_id)
    if not partnership.is_open and not or_ended:
        raise RefusalNotAllowed(_("This partnership has ended: nothing more is recorded."))
    person = contact_at(partnership.merchant, contact)
    return _record(partnership, reason_id, said, said_date, person, actor, at)


@transaction.atomic
def record_lead_refusal(
    *,
    lead_id: int,
    reason_id: int,
    said: str,
    said_date: dt.date,
    actor: Staff,
    at: dt.datetime,
) -> Refusal:
    """This will record what a lead said no with, in their words. Raises RefusalNotAllowed."""
    lead = MerchantLead.objects.select_related("branch").get(pk=lead_id)
    if MerchantDeal.objects.filter(lead=lead).exists():
        raise RefusalNotAllowed(_("This lead was won: record it with the partnership."))
    return _record(lead, reason_id, said, said_date, None, actor, at)


def _record(
    of: Partnership | MerchantLead,
    reason_id: int,
    said: str,
    said_date: dt.date,
    person: MerchantContact | None,
    actor: Staff,
    at: dt.datetime,
) -> Refusal:
    if not may_talk_to(actor, of):
        raise RefusalNotAllowed(
            _("Only who leads the partnership says what was tried; you may read it.")
        )
    check_day(said_date, first=None, on=clock.bank_day(at))
    # Locked, so that a retirement at the same time is waited for.
    reason = RefusalReason.objects.select_for_update(no_key=True).get(pk=reason_id)
    if reason.is_retired:
        raise RefusalNotAllowed(_("This reason is out of use: choose another."))
    partnership = of if isinstance(of, Partnership) else None
    lead = of if isinstance(of, MerchantLead) else None
    refusal = Refusal.objects.create(
        partnership=partnership, lead=lead, reason=reason,
        words=words(said, missing=_("Write down what they said, in their words.")),
        contact=person, said_date=said_date, recorded_by=actor, recorded_at=at,
    )  # fmt: skip
    audit.record(
        action="refusal.recorded", actor=actor, at=at, target=refusal,
        changes={
            "reason": reason.name, "root": reason.root,
            "partnership": refusal.partnership_id, "lead": lead.number if lead else None,
        },
    )  # fmt: skip
    return refusal


@transaction.atomic
def let_be(*, refusal_id: int, why: str, actor: Staff, at: dt.datetime) -> Refusal:
    """This will note that nothing more is tried at a refusal, and why. Raises
    RefusalNotAllowed."""
    return _settle(refusal_id, RefusalState.LET_BE, "refusal.let_be", why, actor, at)


@transaction.atomic
def withdraw_refusal(*, refusal_id: int, why: str, actor: Staff, at: dt.datetime) -> Refusal:
    """This will note that a refusal was recorded by mistake: it stays, and neither it nor what was
    tried at it counts. Raises RefusalNotAllowed."""
    return _settle(refusal_id, RefusalState.WITHDRAWN, "refusal.withdrawn", why, actor, at)


def _settle(
    refusal_id: int, state: RefusalState, action: str, why: str, actor: Staff, at: dt.datetime
) -> Refusal:
    refusal = locked(refusal_id=refusal_id, actor=actor)
    refusal.settled_why = words(why, missing=_("Give a reason: it stays with the refusal."))
    refusal.state, refusal.settled_by, refusal.settled_at = state, actor, at
    refusal.save(update_fields=["state", "settled_by", "settled_at", "settled_why"])
    audit.record(action=action, actor=actor, at=at, target=refusal, reason=refusal.settled_why)
    return refusal
