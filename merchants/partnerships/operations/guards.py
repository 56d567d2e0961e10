"""What every step of a partnership begins with: the row is locked, and the person may."""

from django.utils.translation import gettext as _

from merchants.partnerships.access import may_lead
from merchants.partnerships.models import Partnership
from portal.kit import masking
from portal.staff.models import Staff


class PartnershipNotAllowed(Exception):
    """Raised where a person may not do this, or gave no reason; its text is a sentence for a
    person."""


def locked(*, partnership_id: int, actor: Staff) -> Partnership:
    """This will lock a partnership for a person who may lead it. Raises PartnershipNotAllowed."""
    rows = Partnership.objects.select_for_update(of=("self",), no_key=True)
    partnership = rows.select_related("merchant__category", "manager", "branch").get(
        pk=partnership_id
    )
    if not may_lead(actor, partnership):
        sentence = _("This partnership is led by {manager}; {name} may only read it.")
        raise PartnershipNotAllowed(
            sentence.format(manager=partnership.manager.label, name=actor.label)
        )
    return partnership


def words(text: str) -> str:
    """This will mask what a person wrote; it must not be empty. Raises PartnershipNotAllowed."""
    masked = masking.mask_text(text.strip())
    if not masked:
        raise PartnershipNotAllowed(_("Give a reason: it stays with the history."))
    return masked
