"""Second factors under a new key: the sign-in library keeps its secrets in JSON, sealed by us."""

import base64
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator

from portal.audit import operations as audit
from portal.kit import sealed
from portal.staff.access.adapters import SEALED_AS

# Where the library keeps what its adapter encrypts: a text, or a list of them.
_SEALED_IN = ("secret", "seed", "migrated_codes")


def count_by_key() -> dict[int, int]:
    """This will count the sealed texts of all second factors by the id of their key."""
    every = Authenticator.objects.values_list("data", flat=True)
    return dict(Counter(_key_of(text) for data in every.iterator() for text in _texts(data)))


def seal_anew() -> tuple[int, int, set[int]]:
    """This will seal the secrets of older keys by the key in use. Returns how many second factors
    were done, how many were changed meanwhile and left, and the ids of those that do not open."""
    done, left, broken = 0, 0, set[int]()
    for pk, data in Authenticator.objects.order_by("pk").values_list("pk", "data"):
        if all(_key_of(text) == sealed.key_in_use() for text in _texts(data)):
            continue
        try:
            fresh = {name: _anew(name, value) for name, value in data.items()}
        except sealed.SealBroken:
            broken.add(pk)
            continue
        # A code that was used meanwhile changes the row: then it is not written over.
        if Authenticator.objects.filter(pk=pk, data=data).update(data=fresh):
            done += 1
        else:
            left += 1
    return done, left, broken


def record_rotation(*, rows: dict[str, int], at: dt.datetime) -> None:
    """This will write into the trail how many rows of which table a change of keys sealed anew."""
    changes = {"key_id": sealed.key_in_use(), "rows": rows}
    audit.record(action="keys.rotated", actor=None, at=at, changes=changes)


def _texts(data: dict[str, Any]) -> Iterator[str]:
    for name in _SEALED_IN:
        value = data.get(name, [])
        yield from [value] if isinstance(value, str) else value


def _key_of(text: str) -> int:
    return base64.b64decode(text)[0]


def _anew(name: str, value: Any) -> Any:
    if name not in _SEALED_IN:
        return value
    return _text_anew(value) if isinstance(value, str) else [_text_anew(text) for text in value]


def _text_anew(text: str) -> str:
    opened = sealed.unseal(base64.b64decode(text), SEALED_AS)
    return base64.b64encode(sealed.seal(opened, SEALED_AS)).decode()
