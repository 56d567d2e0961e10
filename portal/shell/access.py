"""Who may read the metrics."""

import ipaddress
import secrets

from django.conf import settings
from django.http import HttpRequest

_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Real-IP")


def may_read_metrics(request: HttpRequest) -> bool:
    """This will tell whether the caller is this machine itself or shows METRICS_TOKEN."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and secrets.compare_digest(
        given.encode(), settings.METRICS_TOKEN.encode()
    ):
        return True
    # A proxy on this machine is near, but those it speaks for are not.
    if any(name in request.headers for name in _FORWARDED):
        return False
    return _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
