"""Personal data at rest: AES-256-GCM with a key id, and HMAC-SHA256 blind indexes.

A sealed value is `key id (1 byte) | nonce (12) | ciphertext and tag`. The associated data
names the field, so that a value cannot be moved to another column unnoticed.
Keys come from the settings FIELD_KEYS and BLIND_INDEX_KEYS, `{id: 32 bytes}`. The highest id seals
and indexes, unless FIELD_KEY_IN_USE or BLIND_INDEX_KEY_IN_USE names another; all ids open and are
looked up. `manage.py rotate_keys` brings what older keys sealed under the one in use.

An index is 16 bytes under key 1, and `key id (1 byte) | 16 bytes` under every other key.
"""

import functools
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

INDEX_BYTES = 16
# The key whose indexes carry no id: they were made before there could be a second key.
FIRST_INDEX_KEY = 1


class SealBroken(Exception):
    """Raised when a sealed value was changed, moved, or its key is not known."""


def key_in_use() -> int:
    """This will return the id of the key that seals."""
    return settings.FIELD_KEY_IN_USE or max(settings.FIELD_KEYS)


def index_key_in_use() -> int:
    """This will return the id of the key that new blind indexes are made with."""
    return settings.BLIND_INDEX_KEY_IN_USE or max(settings.BLIND_INDEX_KEYS)


@functools.lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def seal(text: str, field: str) -> bytes:
    """This will encrypt `text` for the column `field`, such as "customer.phone"."""
    key_id = key_in_use()
    nonce = os.urandom(12)
    cipher = _cipher(settings.FIELD_KEYS[key_id]).encrypt(nonce, text.encode(), field.encode())
    return bytes([key_id]) + nonce + cipher


def unseal(value: bytes, field: str) -> str:
    """This will decrypt a value sealed for `field`. Raises SealBroken."""
    raw = bytes(value)
    try:
        key = settings.FIELD_KEYS[raw[0]]
        return _cipher(key).decrypt(raw[1:13], raw[13:], field.encode()).decode()
    except (KeyError, IndexError, ValueError, InvalidTag) as broken:
        raise SealBroken(field) from broken


def blind_index(text: str, field: str) -> bytes:
    """This will return the keyed fingerprint under which a value is stored, by the key in use."""
    return _index(index_key_in_use(), text, field)


def blind_indexes(text: str, field: str) -> list[bytes]:
    """This will return the fingerprints by which a stored value is found, one for each key: while
    the key changes, some rows still carry the older one."""
    return [_index(key_id, text, field) for key_id in sorted(settings.BLIND_INDEX_KEYS)]


def other_indexes(text: str, field: str) -> bytes | None:
    """This will return the fingerprints by all keys but the one in use, joined: a stored one that
    stands in it is of the same value. None where there is one key."""
    used = index_key_in_use()
    others = [key_id for key_id in sorted(settings.BLIND_INDEX_KEYS) if key_id != used]
    return b"".join(_index(key_id, text, field) for key_id in others) or None


def lasting_index(text: str, field: str) -> bytes:
    """This will return the fingerprint of a value that is kept nowhere else, and so can never be
    made anew, or of one that is compared with such: always by key 1, which must stay named. Raises
    SealBroken where it is not."""
    if FIRST_INDEX_KEY not in settings.BLIND_INDEX_KEYS:
        raise SealBroken(f"{field}: BLIND_INDEX_KEY must still name key {FIRST_INDEX_KEY}")
    return _index(FIRST_INDEX_KEY, text, field)


def _index(key_id: int, text: str, field: str) -> bytes:
    message = f"{field}\0{text}".encode()
    key = settings.BLIND_INDEX_KEYS[key_id]
    digest = hmac.digest(key, message, "sha256")[:INDEX_BYTES]
    return digest if key_id == FIRST_INDEX_KEY else bytes([key_id]) + digest
