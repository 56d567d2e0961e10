"""From where a request comes: the address that lock-out counts by and the audit trail names."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str | None:
    """This will return the client's address, or None where it is not known.

    Behind proxies of our own (TRUSTED_PROXY_COUNT) it is the address that the outermost of them
    saw, counted from the right: what stands further left was written by the client itself.
    """
    found = request.META.get("REMOTE_ADDR", "")
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if 0 < settings.TRUSTED_PROXY_COUNT <= len(forwarded):
        found = forwarded[-settings.TRUSTED_PROXY_COUNT] or found
    try:
        return str(ipaddress.ip_address(found.strip()))
    except ValueError:
        return None


def name_of(request: HttpRequest, credentials: dict[str, str] | None = None) -> str:
    """This will return the user name that somebody tries, as lock-out counts it: without the
    differences of case and blanks by which one name could be tried again and again."""
    typed = (credentials or {}).get("username") or request.POST.get("login", "")
    return typed.strip().lower()[:150]
