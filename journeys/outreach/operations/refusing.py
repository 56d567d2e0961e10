"""The consent to marketing taken back by whoever holds the token of a mail."""

import datetime as dt

from django.db import transaction

from journeys.contact import operations as contact
from journeys.contact.enums import ConsentPurpose
from journeys.contact.models import Consent
from journeys.outreach import access


class TokenNotOurs(Exception):
    """Raised where a token proves nothing."""


@transaction.atomic
def take_refusal(*, token: str, evidence: str, at: dt.datetime) -> access.Refusing:
    """This will take back a consent to marketing on a channel on the word of whoever holds the
    token of a message. Asked again where nothing is left to take back, it writes nothing more; of a
    person who was erased nothing is written. Raises TokenNotOurs."""
    asked = access.refusing_by(token)
    if asked is None:
        raise TokenNotOurs
    contact.lock_customers([asked.customer_id])
    if not _is_taken_back(asked):
        try:
            contact.withdraw_consent(
                customer_id=asked.customer_id,
                purpose=ConsentPurpose.MARKETING,
                channel=asked.channel,
                evidence=evidence,
                actor=None,
                at=at,
            )
        except (contact.ErasedCustomer, contact.UnknownCustomer):
            return asked  # nobody is written to under this number any more
    return asked


def _is_taken_back(asked: access.Refusing) -> bool:
    """Whether a withdrawal stands that no consent was said after, one that comes in force later
    included."""
    rows = Consent.objects.filter(
        customer_id=asked.customer_id, purpose=ConsentPurpose.MARKETING, channel=asked.channel
    )
    said = list(rows)
    taken = max((one.effective_at for one in said if not one.is_granted), default=None)
    given = [min(one.recorded_at, one.effective_at) for one in said if one.is_granted]
    return taken is not None and all(instant <= taken for instant in given)
