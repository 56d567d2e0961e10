"""What every step of a refusal begins with: the row is locked, and the person may."""

import datetime as dt

from django.utils.translation import gettext as _

from merchants.directory.models import Merchant, MerchantContact
from merchants.refusals.access import may_answer
from merchants.refusals.enums import RefusalState
from merchants.refusals.models import Refusal
from portal.kit import masking
from portal.staff.models import Staff


class RefusalNotAllowed(Exception):
    """Raised where a person may not do this, or what was said cannot be; its text is a sentence
    for a person."""


def locked(*, refusal_id: int, actor: Staff, or_over: bool = False) -> Refusal:
    """This will lock an open refusal, or (`or_over`) one that is overcome or let be, for a person
    who talks to that merchant. Raises RefusalNotAllowed."""
    rows = Refusal.objects.select_for_update(of=("self",), no_key=True)
    refusal = rows.select_related(
        "reason", "partnership__manager", "partnership__branch", "lead__branch"
    ).get(pk=refusal_id)
    if not may_answer(actor, refusal):
        raise RefusalNotAllowed(
            _("Only who leads the partnership says what was tried; you may read it.")
        )
    is_over = or_over and refusal.state in (RefusalState.OVERCOME, RefusalState.LET_BE)
    if not refusal.is_open and not is_over:
        sentence = _("This refusal is settled: {state}.")
        raise RefusalNotAllowed(sentence.format(state=refusal.get_state_display()))
    return refusal


def words(text: str, *, missing: str) -> str:
    """This will mask what a person wrote; where it is empty, `missing` says so. Raises
    RefusalNotAllowed."""
    masked = masking.mask_text(text.strip())
    if not masked and missing:
        raise RefusalNotAllowed(missing)
    return masked


def check_day(day: dt.date, *, first: dt.date | None, on: dt.date) -> None:
    """This will refuse a day that has not come, or one before `first`. Raises
    RefusalNotAllowed."""
    if day > on:
        raise RefusalNotAllowed(_("{day} has not come yet.").format(day=day))
    if first is not None and day < first:
        sentence = _("{day} is before {first}, on which it was said or tried.")
        raise RefusalNotAllowed(sentence.format(day=day, first=first))


def contact_at(merchant: Merchant, number: str) -> MerchantContact | None:
    """This will find who said it among the persons of a merchant; nobody where no number is given.
    Raises RefusalNotAllowed."""
    if not number:
        return None
    found = MerchantContact.objects.filter(merchant=merchant, number=number).first()
    if found is None:
        raise RefusalNotAllowed(_("There is no such person at this merchant."))
    return found
