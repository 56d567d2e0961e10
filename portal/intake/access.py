"""Who calls the JSON API: a token, found by its number and proved by its secret."""

import datetime as dt
import hashlib
import hmac

from portal.intake.models import ApiToken

# What an unknown number is compared with, so that it takes as long as a known one.
_NOBODY = "0" * 64


def token_of(authorization: str, at: dt.datetime) -> ApiToken | None:
    """This will return the token that an Authorization header proves, while it is in force."""
    scheme, _blank, given = authorization.partition(" ")
    number, _dot, secret = given.strip().partition(".")
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    token = ApiToken.objects.filter(pk=int(number)).first() if is_number else None
    digest = hashlib.sha256(secret.encode(errors="replace")).hexdigest()
    is_proved = hmac.compare_digest(digest, token.token_hash if token else _NOBODY)
    if token is None or not is_proved or scheme.lower() != "bearer":
        return None
    is_in_force = token.revoked_at is None and at < token.expires_at
    return token if is_in_force else None
