"""Tokens of the JSON API: made once, kept as a hash, revoked for good."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.audit import operations as audit
from portal.intake.models import ApiToken
from portal.kit import clock, masking
from portal.kit.registry import registry
from portal.staff.enums import Permission
from portal.staff.models import Staff

MOST_DAYS = 3650


class TokenRefused(Exception):
    """Raised when a token cannot be made, used or revoked; its text is for a person."""


def create_token(
    *, name: str, kinds: Sequence[str], last_day: dt.date, by: Staff, at: dt.datetime
) -> tuple[ApiToken, str]:
    """This will make a token for some kinds of rows, in force through the bank's day `last_day`,
    and return it with its text, which is shown once and kept nowhere. Raises TokenRefused."""
    name = name.strip()[:60]
    _check(name, kinds, last_day, by, at)
    secret = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            token = ApiToken.objects.create(
                name=name,
                token_hash=hashlib.sha256(secret.encode()).hexdigest(),
                kinds=sorted(set(kinds)),
                created_by=by,
                created_at=at,
                expires_at=clock.start_of(last_day + dt.timedelta(days=1)),
            )
            changes = {"kinds": token.kinds, "last_day": last_day.isoformat()}
            audit.record(action="api.token_made", actor=by, at=at, target=token, changes=changes)
    except IntegrityError as taken:
        raise TokenRefused(
            _("There already is a token named {name}; choose another name.").format(name=name)
        ) from taken
    # Its number finds it; only the rest is secret.
    return token, f"{token.pk}.{secret}"


def _check(name: str, kinds: Sequence[str], last_day: dt.date, by: Staff, at: dt.datetime) -> None:
    if not by.may(Permission.ADMINISTER):
        raise TokenRefused(_("Only an administrator may make tokens and revoke them."))
    if unknown := sorted(set(kinds) - set(registry.token_uses)):
        raise TokenRefused(_("Unknown kinds: {kinds}.").format(kinds=", ".join(unknown)))
    if not name or not kinds:
        raise TokenRefused(_("Give a name, and one kind at least."))
    today = clock.bank_day(at)
    if not today <= last_day <= today + dt.timedelta(days=MOST_DAYS):
        raise TokenRefused(_("The last day lies between today and ten years from now."))


@transaction.atomic
def revoke_token(*, name: str, reason: str, by: Staff, at: dt.datetime) -> ApiToken:
    """This will revoke a token at once and for good. Raises TokenRefused."""
    if not by.may(Permission.ADMINISTER):
        raise TokenRefused(_("Only an administrator may make tokens and revoke them."))
    reason = masking.mask_text(reason.strip())[:200]
    if not reason:
        raise TokenRefused(_("Say why the token is revoked."))
    token = ApiToken.objects.select_for_update(of=("self",)).filter(name=name).first()
    if token is None or token.revoked_at is not None:
        raise TokenRefused(
            _("There is no token named {name} that is not revoked.").format(name=name)
        )
    token.revoked_at, token.revoked_by, token.revoke_reason = at, by, reason
    token.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
    audit.record(action="api.token_revoked", actor=by, at=at, target=token, reason=reason)
    return token
