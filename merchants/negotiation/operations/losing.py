"""Why talks were lost: a refusal of the tree of reasons, recorded with the loss, or before it."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from merchants.negotiation.models import Negotiation
from merchants.negotiation.operations.guards import NegotiationRefused
from merchants.refusals import operations as refusals
from merchants.refusals import queries as of_refusals
from merchants.refusals.models import Refusal
from portal.kit import clock
from portal.staff.models import Staff


@dataclass(frozen=True)
class Lost:
    """What the partner said no with: an open refusal of theirs (`refusal_id`), or a reason of the
    tree, with the number of the person there who said it."""

    refusal_id: int | None = None
    reason_id: int | None = None
    contact: str = ""


def refusal_of(
    *, negotiation: Negotiation, lost: Lost | None, said: str, actor: Staff, at: dt.datetime
) -> Refusal:
    """This will find the refusal that talks were lost by, or record it in the partner's words.
    Raises NegotiationRefused."""
    if lost is not None and lost.refusal_id is not None:
        rows = of_refusals.open_of(partnership_id=negotiation.partnership_id)
        if (found := rows.filter(pk=lost.refusal_id).first()) is not None:
            return found
        raise NegotiationRefused(_("This refusal is open no more: choose another reason."))
    if lost is None or lost.reason_id is None or lost.reason_id not in of_refusals.forest().reasons:
        raise NegotiationRefused(_("Say why they refused: choose a reason."))
    try:
        return refusals.record_refusal(
            partnership_id=negotiation.partnership_id, reason_id=lost.reason_id, said=said,
            said_date=clock.bank_day(at), contact=lost.contact, actor=actor, at=at,
            or_ended=True,
        )  # fmt: skip
    except refusals.RefusalNotAllowed as refused:
        raise NegotiationRefused(str(refused)) from refused
