"""Pages of signing in that the library does not bring."""

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from portal.kit import clock
from portal.staff import queries
from portal.staff.access import address

login = LoginView.as_view(
    extra_context={
        "demo_accounts": queries.demo_accounts,
        "demo_password": settings.DEMO_PASSWORD,
        "contact": lambda: settings.SIGN_IN_CONTACT,
    }
)


def closed(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """This will answer for pages of the library that a bank does not open."""
    raise Http404


def locked_out(
    request: HttpRequest, original: HttpResponse, credentials: dict[str, str] | None
) -> HttpResponse:
    """This will say why nobody gets in under this name for now, until when, and whom to ask."""
    until = queries.locked_until(
        username=address.name_of(request, credentials),
        address=address.address_of(request),
        at=clock.now(),
    )
    context = {"until": until, "contact": settings.SIGN_IN_CONTACT}
    return render(request, "portal/staff/locked_out.html", context, status=429)
