"""Signing in, told to the audit trail.

This is the one place with Django signals: the flow of signing in is the library's (allauth, axes),
and its signals are the only way to hear of it. Like a view, a receiver stands at the edge: it
reads the clock and makes one call.
"""

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from axes import signals as axes_signals
from django.contrib.auth import signals as auth_signals
from django.http import HttpRequest

from portal.audit import operations as audit
from portal.kit import clock
from portal.kit.registry import registry
from portal.staff import queries
from portal.staff.access import address
from portal.staff.models import Staff


def connect() -> None:
    """This will connect the receivers; called once, at start-up."""
    receivers = {
        account_signals.user_logged_in: on_login,
        account_signals.password_changed: on_password_changed,
        auth_signals.user_logged_out: on_logout,
        auth_signals.user_login_failed: on_login_failed,
        axes_signals.user_locked_out: on_locked_out,
        mfa_signals.authenticator_added: on_factor_added,
        mfa_signals.authenticator_removed: on_factor_removed,
        mfa_signals.authenticator_reset: on_codes_renewed,
        mfa_signals.authenticator_used: on_factor_used,
    }
    for signal, receiver in receivers.items():
        signal.connect(receiver, dispatch_uid=f"portal.staff.{receiver.__name__}")


def _record(
    action: str,
    request: HttpRequest | None,
    *,
    actor: Staff | None = None,
    target: Staff | None = None,
    reason: str = "",
    changes: dict[str, Any] | None = None,
) -> None:
    audit.record(
        action=action,
        actor=actor,
        at=clock.now(),
        target=target or actor,
        reason=reason,
        changes=changes,
        address=address.address_of(request) if request is not None else None,
    )


def on_login(request: HttpRequest, user: Staff, **kwargs: Any) -> None:
    """This will record that somebody is in, both factors passed."""
    _record("staff.signed_in", request, actor=user)


def on_logout(request: HttpRequest, user: Staff | None, **kwargs: Any) -> None:
    """This will record that a session ended, and whether the person or a limit ended it, and tell
    it to whoever lent the person something."""
    if user is not None:
        cause = getattr(request, "session_ended", "")
        _record("staff.signed_out", request, actor=user, changes={"limit": cause} if cause else {})
        for tell in registry.leaving:
            tell(user.pk, clock.now())


def on_login_failed(
    credentials: dict[str, str], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    """This will record a wrong password or code. A name that nobody has is not kept: it may be
    a password typed into the wrong field."""
    if getattr(request, "axes_locked_out", False) and _is_refused_unread(request):
        return
    target = queries.named(credentials.get("username") or "")
    changes = {} if target else {"known": False}
    _record("staff.sign_in_failed", request, target=target, changes=changes)


def on_locked_out(request: HttpRequest, username: str | None, **kwargs: Any) -> None:
    """This will record a lock-out when it begins; tries during it are refused unread."""
    if not _is_refused_unread(request):
        _record("staff.locked_out", request, target=queries.named(username or ""))


def _is_refused_unread(request: HttpRequest | None) -> bool:
    # axes counts failures only where it let the try through.
    return getattr(request, "axes_failures_since_start", None) is None


def on_password_changed(request: HttpRequest, user: Staff, **kwargs: Any) -> None:
    """This will record that a person changed the own password."""
    _record("staff.password_changed", request, actor=user)


def on_factor_added(request: HttpRequest, user: Staff, authenticator: Any, **kwargs: Any) -> None:
    """This will record a new second factor."""
    _record("staff.factor_added", request, actor=user, changes={"kind": authenticator.type})


def on_factor_removed(request: HttpRequest, user: Staff, authenticator: Any, **kwargs: Any) -> None:
    """This will record that a second factor was taken away by its owner."""
    _record("staff.factor_removed", request, actor=user, changes={"kind": authenticator.type})


def on_codes_renewed(request: HttpRequest, user: Staff, **kwargs: Any) -> None:
    """This will record new recovery codes."""
    _record("staff.recovery_codes_renewed", request, actor=user)


def on_factor_used(request: HttpRequest, user: Staff, authenticator: Any, **kwargs: Any) -> None:
    """This will record that a recovery code was spent; ordinary codes are part of signing in."""
    if authenticator.type == authenticator.Type.RECOVERY_CODES:
        _record("staff.recovery_code_used", request, actor=user)
