"""Personal data at rest: AES-256-GCM with a key id, and HMAC-SHA256 blind indexes.

A sealed value is `key id (1 byte) | nonce (12) | ciphertext and tag`. The associated data
names the field, so that a value cannot be moved to another column unnoticed.
Keys come from the setting FIELD_KEYS, `{id: 32 bytes}`; the highest id seals, all ids open.
"""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings


class SealBroken(Exception):
    """Raised when a sealed value was changed, moved, or its key is not known."""


def seal(text: str, field: str) -> bytes:
    """This will encrypt `text` for the column `field`, such as "customer.phone"."""
    key_id = max(settings.FIELD_KEYS)
    nonce = os.urandom(12)
    cipher = AESGCM(settings.FIELD_KEYS[key_id]).encrypt(nonce, text.encode(), field.encode())
    return bytes([key_id]) + nonce + cipher


def unseal(value: bytes, field: str) -> str:
    """This will decrypt a value sealed for `field`. Raises SealBroken."""
    raw = bytes(value)
    try:
        key = settings.FIELD_KEYS[raw[0]]
        return AESGCM(key).decrypt(raw[1:13], raw[13:], field.encode()).decode()
    except (KeyError, IndexError, ValueError, InvalidTag) as broken:
        raise SealBroken(field) from broken


def blind_index(text: str, field: str) -> bytes:
    """This will return the 16-byte keyed fingerprint by which an equal value is found again."""
    message = f"{field}\0{text}".encode()
    return hmac.new(settings.BLIND_INDEX_KEY, message, hashlib.sha256).digest()[:16]
