"""Tokens of the JSON API: made once, kept as a hash, revoked for good."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from portal.audit import operations as audit
from portal.intake.models import ApiToken
from portal.kit.registry import registry
from portal.staff.enums import Permission
from portal.staff.models import Staff


class TokenRefused(Exception):
    """Raised when a token cannot be made or revoked; its text is for the operator."""


def create_token(
    *, name: str, kinds: Sequence[str], days: int, by: Staff, at: dt.datetime
) -> tuple[ApiToken, str]:
    """This will make a token for some kinds of rows and return it with its text, which is shown
    once and kept nowhere. Raises TokenRefused."""
    if not by.may(Permission.ADMINISTER):
        raise TokenRefused(f"{by.username} may not make tokens; name an administrator.")
    if unknown := sorted(set(kinds) - set(registry.import_kinds)):
        raise TokenRefused(f"Unknown kinds: {', '.join(unknown)}.")
    if not kinds or not 1 <= days <= 3650 or not name.strip():
        raise TokenRefused("Give a name, one kind at least, and 1 to 3650 days.")
    secret = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            token = ApiToken.objects.create(
                name=name.strip()[:60],
                token_hash=hashlib.sha256(secret.encode()).hexdigest(),
                kinds=sorted(set(kinds)),
                created_by=by,
                created_at=at,
                expires_at=at + dt.timedelta(days=days),
            )
            changes = {"kinds": token.kinds, "days": days}
            audit.record(action="api.token_made", actor=by, at=at, target=token, changes=changes)
    except IntegrityError as taken:
        raise TokenRefused(f"There already is a token named {name.strip()}.") from taken
    # Its number finds it; only the rest is secret.
    return token, f"{token.pk}.{secret}"


@transaction.atomic
def revoke_token(*, name: str, by: Staff, at: dt.datetime) -> ApiToken:
    """This will revoke a token at once and for good. Raises TokenRefused."""
    if not by.may(Permission.ADMINISTER):
        raise TokenRefused(f"{by.username} may not revoke tokens; name an administrator.")
    token = ApiToken.objects.select_for_update().filter(name=name, revoked_at=None).first()
    if token is None:
        raise TokenRefused(f"There is no token named {name} that is in use.")
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    audit.record(action="api.token_revoked", actor=by, at=at, target=token)
    return token
