"""Where a message goes, and what goes along with it."""

import datetime as dt

from django.conf import settings
from django.urls import reverse

from journeys.contact.enums import Address, Channel, Purpose
from journeys.outreach import access, rules
from journeys.outreach.channels.protocol import Parcel
from portal.kit import sealed

# The address as it lies in the row: sealed, but for the customer number, which pages show.
_COLUMNS = {
    Address.PHONE: "customer.phone_sealed",
    Address.EMAIL: "customer.email_sealed",
    Address.NUMBER: "convert_to(customer.number, 'UTF8')",
}
ADDRESS_SQL = (
    "CASE message.channel "
    + " ".join(f"WHEN '{channel}' THEN {_COLUMNS[channel.address]}" for channel in Channel)
    + " END"
)


def open_address(channel: str, value: bytes) -> str:
    """This will return in clear what `ADDRESS_SQL` gave. Raises SealBroken."""
    address = Channel(channel).address
    if address == Address.NUMBER:
        return bytes(value).decode()
    return sealed.unseal(value, f"customer.{address}")


def parcel_of(
    *,
    message_id: int,
    customer_id: int,
    channel: str,
    purpose: str,
    dedup_key: str,
    destination: str,
    subject: str,
    body: str,
    valid_until: dt.datetime | None = None,
) -> Parcel:
    """This will make a message ready to go. Only mail comes back by its return path, and only
    marketing by mail says how to take the consent back in one step: service messages need no
    consent."""
    is_mail = channel == Channel.EMAIL
    can_refuse = is_mail and purpose != Purpose.SERVICE
    token = access.refusal_token(customer_id, channel) if can_refuse else ""
    return Parcel(
        key=rules.message_key(message_id, dedup_key),
        destination=destination,
        subject=subject,
        body=body,
        customer_id=customer_id,
        tag=access.return_tag(message_id) if is_mail else "",
        token=token,
        refuse_url=_refuse_url(token),
        valid_until=valid_until,
    )


def _refuse_url(token: str) -> str:
    base = settings.PUBLIC_URL.rstrip("/")
    return f"{base}{reverse('unsubscribe')}?t={token}" if token and base else ""
