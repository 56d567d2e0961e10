"""Handing a partnership over from one relationship manager to another."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.directory import operations as directory
from merchants.directory import queries as merchants
from merchants.directory.models import Merchant
from merchants.partnerships.access import may_hand_over
from merchants.partnerships.enums import Phase, SuggestionState
from merchants.partnerships.models import ManagerChange, Partnership, PhaseSuggestion
from merchants.partnerships.operations.guards import PartnershipNotAllowed, words
from portal.audit import operations as audit
from portal.kit import masking
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
    row = rows.select_related("merchant__branch", "manager", "branch").get(pk=partnership_id)
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
    _give(row, to, said, actor, at)
    directory.assign_manager(merchant=row.merchant, manager=to, reason=said, actor=actor, at=at)
    return row


def follow_manager(
    *, merchant: Merchant, manager: Staff | None, reason: str, actor: Staff, at: dt.datetime
) -> None:
    """This will let the open partnership with a merchant go along to whom the merchant is given.
    Raises DirectoryRefused where nobody would lead it, or no reason is given."""
    rows = Partnership.objects.select_for_update(of=("self",), no_key=True)
    open_ones = rows.filter(merchant=merchant).exclude(phase=Phase.ENDED)
    row = open_ones.select_related("merchant", "manager").first()
    if row is None or row.manager_id == (manager and manager.pk):
        return
    if manager is None:
        raise directory.DirectoryRefused(
            _("A partnership with it is open, and somebody leads it: choose who, or end it before.")
        )
    said = masking.mask_text(reason.strip())
    if not said:
        raise directory.DirectoryRefused(
            _("The open partnership goes along: give a reason, which stays with its history.")
        )
    _give(row, manager, said, actor, at)


def _give(row: Partnership, to: Staff, reason: str, actor: Staff, at: dt.datetime) -> None:
    """The change of manager, which writes the partnership's; suggestions that are open follow."""
    before = row.manager
    ManagerChange.objects.create(
        partnership=row, number=row.manager_changes.count() + 1, from_manager=before,
        to_manager=to, reason=reason, actor=actor, at=at,
    )  # fmt: skip
    row.manager = to
    open_ones = PhaseSuggestion.objects.filter(partnership=row, state=SuggestionState.OPEN)
    followed = open_ones.update(manager=to)
    audit.record(
        action="partnership.handed_over", actor=actor, at=at, target=row, reason=reason,
        changes={
            "manager": {"before": before.username, "after": to.username},
            "merchant": row.merchant.number, "suggestions": followed,
        },
    )  # fmt: skip
