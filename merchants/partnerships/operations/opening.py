"""Beginning a partnership."""

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from merchants.directory.models import Merchant
from merchants.partnerships import queries
from merchants.partnerships.models import Partnership
from merchants.partnerships.operations.guards import PartnershipNotAllowed, words
from merchants.partnerships.operations.moving import MoveNotAllowed, write_move
from merchants.partnerships.rules import moves
from portal.kit import clock
from portal.staff.access import scope_of
from portal.staff.enums import Permission, Role
from portal.staff.models import Staff


class AlreadyOpen(Exception):
    """Raised where a partnership with the merchant is open; its text is a sentence for a person."""


@transaction.atomic
def open_partnership(
    *,
    merchant_id: int,
    scenarios: Sequence[str],
    phase: str,
    reason: str,
    actor: Staff,
    at: dt.datetime,
) -> Partnership:
    """This will begin a partnership with a merchant in one of the phases in which one begins, led
    by the merchant's manager and kept by its branch. Raises PartnershipNotAllowed, AlreadyOpen,
    MoveNotAllowed."""
    # Locked, so that a merge at the same time is waited for, or finds the partnership.
    rows = Merchant.objects.select_for_update(of=("self",), no_key=True)
    merchant = rows.select_related("category", "branch", "manager").get(pk=merchant_id)
    manager = _check_may_open(merchant, actor)
    reason = words(reason)
    if phase not in moves.BEGINNINGS:
        raise MoveNotAllowed(_("A partnership begins as a prospect or in comparison."))
    peers = queries.peers_of([merchant])[merchant.pk]
    if phase == moves.P.COMPARISON and peers < moves.LEAST_PEERS:
        raise MoveNotAllowed(_("There is nobody to compare it with: let it begin as a prospect."))
    try:
        with transaction.atomic():
            partnership = Partnership.objects.create(
                merchant=merchant, manager=manager, branch=merchant.branch,
                scenarios=sorted(set(scenarios)) or [merchant.category.scenario], opened_at=at,
            )  # fmt: skip
    except IntegrityError as refused:
        if "partnership_open_once" not in str(refused):
            raise
        sentence = _("There is an open partnership with {merchant} already.")
        raise AlreadyOpen(sentence.format(merchant=merchant.label)) from refused
    on = clock.bank_day(at)
    evidence = queries.evidence_of(partnerships=[partnership], on=on)[partnership.pk]
    write_move(
        partnership=partnership, to=phase, reason=reason, evidence=evidence, actor=actor, at=at
    )
    return partnership


def _check_may_open(merchant: Merchant, actor: Staff) -> Staff:
    """The merchant's manager, where the person may open a partnership."""
    if merchant.merged_into is not None:
        sentence = _("{merchant} was merged into {kept}: begin the partnership with that one.")
        raise PartnershipNotAllowed(
            sentence.format(merchant=merchant.label, kept=merchant.merged_into.label)
        )
    if merchant.manager is None:
        raise PartnershipNotAllowed(
            _("{merchant} has no relationship manager yet, and a partnership needs one.").format(
                merchant=merchant.label
            )
        )
    is_own = merchant.manager_id == actor.pk
    is_chief = actor.role != Role.RELATIONSHIP_MANAGER and scope_of(actor).reaches(merchant.branch)
    if not actor.may(Permission.EDIT_PARTNERSHIPS) or not (is_own or is_chief):
        sentence = _("{merchant} is managed by {manager}; {name} may only read it.")
        raise PartnershipNotAllowed(
            sentence.format(
                merchant=merchant.label, manager=merchant.manager.label, name=actor.label
            )
        )
    return merchant.manager
