"""A second factor for the roles of which the bank demands it."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from portal.kit import requests
from portal.staff.access import sessions
from portal.staff.access.guard import staff_of

# All that a person may open before the second factor stands.
ALLOWED = frozenset(
    {"account_login", "account_logout", "account_reauthenticate", "mfa_activate_totp"}
    | {"set_language", "jsi18n"}
)


def is_missing(request: HttpRequest) -> bool:
    """This will tell whether the signed-in person must set up a second factor first."""
    if not request.user.is_authenticated:
        return False
    staff = staff_of(request)
    if staff.role not in settings.MFA_REQUIRED_ROLES:
        return False
    return not is_mfa_enabled(staff, [Authenticator.Type.TOTP])


class SecondFactorRequired:
    """Middleware that lets such a person do nothing else until it is set up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is not None and match.view_name in ALLOWED:
            return None
        if request.path_info in requests.PROBES:
            return None
        if not is_missing(request):
            return None
        return sessions.go_to(request, reverse("mfa_activate_totp"))
