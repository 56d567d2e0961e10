"""What every step of a window begins with: the partnership is open, and the person leads it."""

from django.utils.translation import gettext as _

from merchants.directory.models import Merchant, MerchantContact
from merchants.partnerships.access import may_lead
from merchants.partnerships.models import Partnership
from portal.kit import masking
from portal.staff.models import Staff


class WindowNotAllowed(Exception):
    """Raised where a person may not do this, or what was said cannot be; its text is a sentence
    for a person."""


def led(*, partnership_id: int, actor: Staff, must_be_open: bool = True) -> Partnership:
    """This will return an open partnership to a person who leads it. Raises WindowNotAllowed."""
    rows = Partnership.objects.select_for_update(of=("self",), no_key=True)
    partnership = rows.select_related("merchant", "manager", "branch").get(pk=partnership_id)
    if not may_lead(actor, partnership):
        sentence = _("This partnership is led by {manager}; {name} may only read it.")
        raise WindowNotAllowed(sentence.format(manager=partnership.manager.label, name=actor.label))
    if must_be_open and not partnership.is_open:
        raise WindowNotAllowed(_("This partnership has ended: nothing more is recorded."))
    return partnership


def words(text: str, *, missing: str = "") -> str:
    """This will take what a person wrote. Numbers and addresses of persons are refused, for a
    window is read by many; where it is empty, `missing` says so. Raises WindowNotAllowed."""
    said = text.strip()
    if masking.mask_text(said) != said:
        raise WindowNotAllowed(
            _("A phone, card or ID number or an address has no place here: choose the person.")
        )
    if not said and missing:
        raise WindowNotAllowed(missing)
    return said


def contact_at(merchant: Merchant, number: str) -> MerchantContact:
    """This will find a person of a merchant by the number. Raises WindowNotAllowed."""
    found = MerchantContact.objects.filter(merchant=merchant, number=number).first()
    if found is None:
        raise WindowNotAllowed(_("There is no such person at this merchant."))
    return found
