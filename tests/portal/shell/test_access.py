"""Who may read the metrics."""

from typing import Any

import pytest
from django.test import RequestFactory

from portal.shell import access


@pytest.mark.parametrize(
    ("address", "headers", "may"),
    [
        ("127.0.0.1", {}, True),
        ("127.8.8.8", {}, True),
        ("::1", {}, True),
        ("10.0.0.9", {}, False),
        ("", {}, False),
        ("unix:", {}, False),
        # A proxy on this machine, speaking for somebody else.
        ("127.0.0.1", {"X-Forwarded-For": "10.0.0.9"}, False),
        ("127.0.0.1", {"Forwarded": "for=10.0.0.9"}, False),
        ("10.0.0.9", {"Authorization": "Bearer right-token"}, True),
        ("127.0.0.1", {"X-Forwarded-For": "1", "Authorization": "Bearer right-token"}, True),
        ("10.0.0.9", {"Authorization": "Bearer wrong-token"}, False),
        ("10.0.0.9", {"Authorization": "Bearer "}, False),
    ],
)
def test_loopback_or_the_token(
    settings: Any, address: str, headers: dict[str, str], may: bool
) -> None:
    settings.METRICS_TOKEN = "right-token"
    request = RequestFactory().get("/metrics", REMOTE_ADDR=address, headers=headers)
    assert access.may_read_metrics(request) is may


def test_no_token_is_not_an_empty_token(settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    request = RequestFactory().get("/metrics", REMOTE_ADDR="10.0.0.9")
    assert access.may_read_metrics(request) is False
