"""Who calls the JSON API: a token, found by its number and proved by its secret."""

import hashlib
import hmac

from portal.intake.models import ApiToken

# What an unknown number is compared with, so that it takes as long as a known one.
_NOBODY = "0" * 64


def token_of(authorization: str) -> ApiToken | None:
    """This will return the token that an Authorization header proves, in force or not."""
    scheme, _blank, given = authorization.partition(" ")
    number, _dot, secret = given.strip().partition(".")
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    token = ApiToken.objects.filter(pk=int(number)).first() if is_number else None
    digest = hashlib.sha256(secret.encode(errors="replace")).hexdigest()
    is_proved = hmac.compare_digest(digest, token.token_hash if token else _NOBODY)
    return token if is_proved and scheme.lower() == "bearer" else None
