"""Where tests of wordings may go: a mainland mobile number, or a device that the push gateway keeps
for tests."""

import re

from journeys.contact.enums import Channel
from journeys.outreach.rules.answers import phone_of
from portal.kit import masking

OWN_CHANNELS = (Channel.SMS, Channel.PUSH)
# The gateway keeps devices for tests under such ids. Customers' numbers are the bank's own, and a
# push to one is a contact.
_DEVICE = re.compile(r"TEST-[A-Za-z0-9-]{4,40}", re.A)


def own_address_of(channel: str, typed: str) -> str:
    """This will return the address that somebody typed as the own one of a channel, as the bank
    writes it; "" where it is none."""
    if channel == Channel.SMS:
        return phone_of(typed)
    if channel == Channel.PUSH and _DEVICE.fullmatch(typed.strip()):
        return typed.strip()
    return ""


def masked_own(channel: str, address: str) -> str:
    """This will mask an own address: 154****0001, TEST-wa***."""
    return masking.mask_phone(address) if channel == Channel.SMS else f"{address[:7]}***"
