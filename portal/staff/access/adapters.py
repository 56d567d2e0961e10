"""How the sign-in library behaves here: nobody registers himself, secrets are sealed."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.kit import sealed
from portal.staff.access import sessions
from portal.staff.models import Staff

SEALED_AS = "mfa.secret"


class StaffAdapter(DefaultAccountAdapter):
    """Sign-in for staff whom an administrator hired."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "User name or password is wrong. Check both and try again; "
            "after several wrong tries the account is locked for a while."
        ),
        "too_many_login_attempts": _("Too many tries. Wait five minutes and try again."),
        "enter_current_password": _("This is not your present password. Type it again."),
        "incorrect_password": _("This is not your password. Type it again."),
        "incorrect_code": _("The code is wrong or was used before. Enter the newest one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: Staff) -> None:
        """This will sign in and start the clocks of the session's limits."""
        super().login(request, user)
        sessions.start(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """This will say nothing: our own pages show what happened."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor: its secret is never in clear in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": StaffAdapter.error_messages["incorrect_code"],
    }

    def get_totp_issuer(self) -> str:
        return settings.TOTP_ISSUER_NAME

    def encrypt(self, text: str) -> str:
        return base64.b64encode(sealed.seal(text, SEALED_AS)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return sealed.unseal(base64.b64decode(encrypted_text), SEALED_AS)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """This will send nothing: the audit trail holds it, and staff have no mail box here."""
