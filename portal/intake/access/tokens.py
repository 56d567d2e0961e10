"""Who calls the JSON API: a token, found by its number and proved by its secret."""

import hashlib
import hmac
import time

from portal.intake.models import ApiToken

# What an unknown number is compared with, so that it takes as long as a known one.
_NOBODY = "0" * 64


_MOST_KEPT = 100
_kept: dict[str, tuple[float, ApiToken]] = {}


def kept_token_of(authorization: str, seconds: float) -> ApiToken | None:
    """This will return the token as it was proved within so many seconds, so that a door of
    thousands of calls a second does not ask for it each time. A revoked one lets in as much
    longer. Kept under a hash: the secret stays nowhere."""
    if not seconds:
        return token_of(authorization)
    name, now = hashlib.sha256(authorization.encode(errors="replace")).hexdigest(), time.monotonic()
    kept = _kept.get(name)
    if kept and now - kept[0] < seconds:
        return kept[1]
    token = token_of(authorization)
    if token is not None:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[name] = (now, token)
    return token


def token_of(authorization: str) -> ApiToken | None:
    """This will return the token that an Authorization header proves, in force or not."""
    scheme, _blank, given = authorization.partition(" ")
    number, _dot, secret = given.strip().partition(".")
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    token = ApiToken.objects.filter(pk=int(number)).first() if is_number else None
    digest = hashlib.sha256(secret.encode(errors="replace")).hexdigest()
    is_proved = hmac.compare_digest(digest, token.token_hash if token else _NOBODY)
    return token if is_proved and scheme.lower() == "bearer" else None
