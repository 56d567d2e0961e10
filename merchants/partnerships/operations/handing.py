"""Handing a partnership over from one relationship manager to another."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.directory import operations as directory
from merchants.directory import queries as merchants
from merchants.partnerships.access import may_hand_over
from merchants.partnerships.enums import SuggestionState
from merchants.partnerships.models import Partnership, PhaseSuggestion
from merchants.partnerships.operations.guards import PartnershipNotAllowed, words
from portal.audit import operations as audit
from portal.staff.models import Staff


class HandOverRefused(Exception):
    """Raised where a partnership is not handed over; its text is a sentence for a person."""


@transaction.atomic
def hand_over(
    *, partnership_id: int, to: Staff, reason: str, actor: Staff, at: dt.datetime
) -> Partnership:
    """This will give an open partnership to another relationship manager of its merchant's branch
    or of one above, and the merchant with it. Tasks and suggestions that are open are the other's
    from then on; what was answered before stays with whoever answered. Raises
    PartnershipNotAllowed, HandOverRefused."""
    rows = Partnership.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("merchant__branch", "merchant__manager", "manager", "branch").get(
        pk=partnership_id
    )
    if not may_hand_over(actor, row):
        sentence = _("Only the manager of its branch hands a partnership over; {name} is not.")
        raise PartnershipNotAllowed(sentence.format(name=actor.label))
    said = words(reason)
    if not row.is_open:
        raise HandOverRefused(_("This partnership has ended: nobody leads it any more."))
    if to.pk == row.manager_id:
        raise HandOverRefused(_("{name} leads it already.").format(name=to.label))
    if to.pk not in {one.pk for one in merchants.managers_for(merchant=row.merchant)}:
        sentence = _("{name} is no relationship manager of its branch or of one above it.")
        raise HandOverRefused(sentence.format(name=to.label))
    before, row.manager = row.manager, to
    row.save(update_fields=["manager"])
    if row.merchant.manager_id == before.pk:
        directory.assign_manager(merchant=row.merchant, manager=to, actor=actor, at=at)
    open_ones = PhaseSuggestion.objects.filter(partnership=row, state=SuggestionState.OPEN)
    followed = open_ones.update(manager=to)
    audit.record(
        action="partnership.handed_over", actor=actor, at=at, target=row, reason=said,
        changes={
            "manager": {"before": before.username, "after": to.username},
            "merchant": row.merchant.number, "suggestions": followed,
        },
    )  # fmt: skip
    return row
