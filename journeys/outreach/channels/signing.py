"""What a gateway proves itself by when it calls back, and the address that it calls.

A secret of the channel (`SMS_CALLBACK_SECRET`) is either sent as it is, by a gateway whose set-up
holds it, or a signature made with it stands in an address that we gave the gateway ourselves.
"""

import hashlib
import hmac

from django.conf import settings
from django.urls import reverse

from journeys.outreach.channels.protocol import setting


def sign(code: str, key: str) -> str:
    """This will return the signature of a message key for the callbacks of a channel; "" where the
    channel has no secret."""
    secret = setting(code, "CALLBACK_SECRET")
    if not secret:
        return ""
    return hmac.new(secret.encode(), f"{code}:{key}".encode(), hashlib.sha256).hexdigest()


def is_secret(code: str, given: str) -> bool:
    """This will tell whether `given` is the secret of a channel; never where there is none."""
    secret = setting(code, "CALLBACK_SECRET")
    return hmac.compare_digest(given.encode(), secret.encode()) and bool(secret)


def is_signed(code: str, key: str, given: str) -> bool:
    """This will tell whether `given` is the signature of a key; never where there is no secret."""
    own = sign(code, key)
    return hmac.compare_digest(given.encode(), own.encode()) and bool(own)


def callback_url(code: str, door: str) -> str:
    """This will return the whole address of a channel's callback ("receipts" or "answers"); ""
    where nobody said under which address gateways reach this portal."""
    base = settings.CALLBACK_URL.rstrip("/")
    return base + reverse(f"channel_{door}", args=[code]) if base else ""
