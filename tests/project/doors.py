"""The table of doors: every address of the portal and who may pass. A new URL is one line here;
one that takes arguments needs a row to point at in ARGUMENTS."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.models import Staff
from portal.staff import rules
from portal.staff.enums import Permission as P
from portal.staff.enums import Role
from tests.project.rows import row_of

PUBLIC, SIGNED_IN = "public", "signed in"


@dataclass(frozen=True)
class Door:
    """Who may pass, and what those get who may.

    `who` is a permission, SIGNED_IN or PUBLIC. `answer` is the status of a GET by one who may;
    405 marks an address that takes POST only. `signed_in` is the answer of a public page to a
    person who is signed in, where it differs. `scoped` pages show rows of the person's branches
    only and answer 404 to others. `data` is the query string's content, where one is needed.
    """

    who: str
    answer: int = 200
    signed_in: int | None = None
    scoped: bool = False
    data: dict[str, str] | None = None

    def lets_in(self, role: str) -> bool:
        """Whether people of `role` may pass."""
        return self.who in (PUBLIC, SIGNED_IN) or rules.role_may(role, self.who)


def public(answer: int = 200, signed_in: int | None = None) -> Door:
    """Open to everybody."""
    return Door(PUBLIC, answer, signed_in)


def signed_in(answer: int = 200) -> Door:
    """Open to everybody who is signed in."""
    return Door(SIGNED_IN, answer)


def page(permission: str, *, scoped: bool = False, **data: str) -> Door:
    """A page that can be opened."""
    return Door(permission, scoped=scoped, data=data)


def action(permission: str, *, scoped: bool = False) -> Door:
    """An address that takes POST only."""
    return Door(permission, answer=405, scoped=scoped)


DOORS: dict[str, Door] = {
    # Signing in. Every address of the library stands here: one that is not wanted is closed.
    "account_login": public(200, signed_in=302),
    "account_logout": signed_in(),
    "account_signup": public(200, signed_in=302),
    "account_inactive": public(),
    "account_reauthenticate": signed_in(),
    "account_email": signed_in(),
    "account_change_password": signed_in(),
    "account_set_password": signed_in(302),
    "account_email_verification_sent": public(),
    "account_confirm_email": public(),
    "account_reset_password": public(),
    "account_reset_password_done": public(),
    "account_reset_password_from_key": public(),
    "account_reset_password_from_key_done": public(),
    "mfa_index": signed_in(),
    "mfa_authenticate": public(302),
    "mfa_reauthenticate": signed_in(302),
    "mfa_activate_totp": signed_in(302),
    "mfa_deactivate_totp": signed_in(404),
    "mfa_view_recovery_codes": signed_in(404),
    "mfa_generate_recovery_codes": signed_in(302),
    "mfa_download_recovery_codes": signed_in(404),
}

# What an address points at, made for the person who visits; the names are those of the URL.
ARGUMENTS: dict[str, Callable[[Staff], dict[str, Any]]] = {
    "account_confirm_email": lambda _staff: {"key": "none"},
    "account_reset_password_from_key": lambda _staff: {"uidb36": "1", "key": "none"},
}

# Pages of Django's admin that belong to no model: the answer to an administrator.
ADMIN_PAGES = {
    "admin:index": 200,
    "admin:login": 302,
    "admin:logout": 405,
    "admin:password_change": 200,
    "admin:password_change_done": 200,
    "admin:autocomplete": 403,
    "admin:jsi18n": 200,
    "admin:view_on_site": 404,
    "admin:app_list": 200,
}

# Verbs of an admin page and what the role must be allowed to do to the model.
ADMIN_VERBS = {
    "changelist": "view", "add": "add", "history": "view", "delete": "delete", "change": "view",
}  # fmt: skip


def admin_answer(name: str) -> int:
    """What an administrator gets at "admin:app_model_verb", by rules.ADMIN_MODELS."""
    if name in ADMIN_PAGES:
        return ADMIN_PAGES[name]
    app_and_model, _underscore, verb = name.removeprefix("admin:").rpartition("_")
    app, _underscore, model = app_and_model.partition("_")
    needed = ADMIN_VERBS.get(verb, "change")
    allowed = rules.admin_may(Role.ADMINISTRATOR, f"{app}.{needed}_{model}")
    return 200 if allowed else 403


def admin_arguments(name: str, model: type | None) -> dict[str, Any]:
    """The row that an admin page of a model points at."""
    if name == "admin:app_list":
        return {"app_label": "portal"}
    if name == "admin:view_on_site":
        return {"content_type_id": 0, "object_id": 0}
    if model is None or name.endswith(("_changelist", "_add")):
        return {}
    label = model._meta.label  # type: ignore[attr-defined]
    maker = ADMIN_ROWS.get(label)
    return {"object_id": (maker() if maker else row_of(label)).pk}


def _access_attempt() -> Any:
    from axes.models import AccessAttempt
    from django.utils import timezone

    return AccessAttempt.objects.create(
        username="x", ip_address="127.0.0.1", user_agent="x", attempt_time=timezone.now()
    )


def _access_log() -> Any:
    from axes.models import AccessLog

    return AccessLog.objects.create(username="x", ip_address="127.0.0.1", user_agent="x")


# Rows of models that are not ours.
ADMIN_ROWS: dict[str, Callable[[], Any]] = {
    "axes.AccessAttempt": _access_attempt,
    "axes.AccessLog": _access_log,
}

# Kept for the lines that the topics add: their pages name these.
PERMISSIONS = P
