"""What a second person is asked about a merchant, and what stands against it."""

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from merchants.directory.enums import PartnerStep, RequestState
from merchants.directory.models import Merchant, PartnerRequest
from merchants.directory.queries.places import full_names
from portal.kit.registry import Digest


def lacks_for(merchant: Merchant, step: str) -> list[str]:
    """This will say what must be there before a step is asked for; nothing where all is."""
    if merchant.merged_into_id is not None:
        return [_("This merchant was merged into another one.")]
    if step == PartnerStep.RELEASE:
        return [] if merchant.is_partner else [_("It is no partner.")]
    if merchant.is_partner:
        return [_("It is a partner already.")]
    lacks = []
    if not (merchant.credit_code and merchant.legal_name):
        lacks.append(_("Its registered name and unified social credit code are missing."))
    if merchant.manager_id is None:
        lacks.append(_("It has no relationship manager."))
    if not merchant.contacts.filter(is_main=True, left_date=None).exists():
        lacks.append(_("It has no main contact."))
    return lacks


def pending_request(*, merchant: Merchant) -> PartnerRequest | None:
    """This will return what waits for approval about a merchant, or None."""
    rows = PartnerRequest.objects.filter(merchant=merchant, state=RequestState.PENDING)
    return rows.select_related("asked_by").first()


def partner_snapshot(number: str) -> dict[str, Any]:
    """This will return what a second person decides about, as it stands."""
    merchant = Merchant.objects.select_related("category", "branch", "manager").get(number=number)
    request = pending_request(merchant=merchant)
    return {
        "number": merchant.number,
        "step": request.step if request else None,
        "reason": request.reason if request else None,
        "name": merchant.name,
        "legal_name": merchant.legal_name,
        "credit_code": merchant.credit_code,
        "mcc": merchant.category_id,
        "branch": merchant.branch.code,
        "manager": merchant.manager.username if merchant.manager else None,
        "division": merchant.division_code,
        "source": merchant.source,
        "is_partner": merchant.is_partner,
    }


def digest_of(snapshot: dict[str, Any]) -> Digest | None:
    """This will write the snapshot in words for who decides."""
    merchant = Merchant.objects.filter(number=snapshot.get("number")).first()
    if merchant is None or snapshot.get("step") not in PartnerStep.values:
        return None
    place = full_names(codes=[snapshot["division"]]).get(snapshot["division"], "–")
    facts = [
        (_("Merchant"), f"{merchant.label} ({merchant.number})"),
        (_("What is asked"), str(PartnerStep(snapshot["step"]).label)),
        (_("Registered name"), snapshot["legal_name"] or "–"),
        (_("Unified social credit code"), snapshot["credit_code"] or "–"),
        ("MCC", str(merchant.category)),
        (_("Place"), place),
        (_("Relationship manager"), merchant.manager.label if merchant.manager else "–"),
    ]
    return Digest(texts=_consequences(snapshot["step"]), facts=facts)


def _consequences(step: str) -> list[tuple[str, str, str]]:
    """What an approval brings about, in the reader's language first."""
    own, texts = translation.get_language(), []
    for code, name in sorted(settings.LANGUAGES, key=lambda pair: pair[0] != own):
        with translation.override(code):
            words = (
                _("From the approval on, the merchant counts as a partner of the bank.")
                if step == PartnerStep.ADMIT
                else _("From the approval on, the merchant is no partner of the bank any more.")
            )
        texts.append((code, str(name), words))
    return texts
