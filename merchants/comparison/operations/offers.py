"""Offers of rivals: noted as facts with their source, withdrawn with a reason."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.comparison.access import may_note
from merchants.comparison.enums import OfferKind
from merchants.comparison.models import RivalOffer
from merchants.directory.models import Merchant
from portal.audit import operations as audit
from portal.kit import clock, masking
from portal.staff.models import Staff

LONGEST = dt.timedelta(days=366)


class OfferRefused(Exception):
    """Raised for what is no fact to note, or is not this person's; its text is a sentence."""


@transaction.atomic
def note_offer(
    *,
    merchant_id: int,
    rival: str,
    kind: str,
    terms: str,
    source: str,
    seen_date: dt.date,
    until_date: dt.date,
    actor: Staff,
    at: dt.datetime,
) -> RivalOffer:
    """This will note what a rival offers a merchant, as seen on a day and from a source. Raises
    OfferRefused."""
    merchant = Merchant.objects.select_for_update(of=("self",), no_key=True).get(pk=merchant_id)
    _check_may(merchant, actor)
    said = [masking.mask_text(text.strip()) for text in (rival, terms, source)]
    if not all(said):
        raise OfferRefused(_("An offer has a rival, its terms, and where it is known from."))
    if seen_date > clock.bank_day(at):
        raise OfferRefused(_("It was not seen yet: the day lies ahead."))
    if not seen_date <= until_date <= seen_date + LONGEST:
        raise OfferRefused(
            _("It stands from the day it was seen on, and a year at most: then look again.")
        )
    row = RivalOffer.objects.create(
        merchant=merchant, rival=said[0], kind=OfferKind(kind), terms=said[1], source=said[2],
        seen_date=seen_date, until_date=until_date, noted_by=actor, noted_at=at,
    )  # fmt: skip
    audit.record(
        action="rival_offer.noted", actor=actor, at=at, target=merchant,
        changes={"rival": row.rival, "kind": kind, "terms": row.terms, "source": row.source,
                 "seen_date": str(seen_date), "until_date": str(until_date)},
    )  # fmt: skip
    return row


@transaction.atomic
def withdraw_offer(*, offer_id: int, reason: str, actor: Staff, at: dt.datetime) -> RivalOffer:
    """This will withdraw an offer that was noted, with a reason; it is told no more. Raises
    OfferRefused."""
    rows = RivalOffer.objects.select_for_update(of=("self",)).select_related("merchant__branch")
    row = rows.get(pk=offer_id)
    _check_may(row.merchant, actor)
    said = masking.mask_text(reason.strip())
    if not said:
        raise OfferRefused(_("Say why it is withdrawn."))
    if row.withdrawn_at is not None:
        raise OfferRefused(_("This offer was withdrawn before."))
    row.withdrawn_by, row.withdrawn_at, row.withdrawn_why = actor, at, said
    row.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_why"])
    audit.record(
        action="rival_offer.withdrawn", actor=actor, at=at, target=row.merchant, reason=said,
        changes={"rival": row.rival, "kind": row.kind},
    )  # fmt: skip
    return row


def _check_may(merchant: Merchant, actor: Staff) -> None:
    if not may_note(actor, merchant):
        sentence = _("{merchant} is not managed by {name}, who may only read it.")
        raise OfferRefused(sentence.format(merchant=merchant.label, name=actor.label))
