"""`manage.py run_sandbox` says what is wrong in one sentence."""

import socket
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.ports import free_port


def test_without_ports_it_says_which_settings_are_missing(settings: Any) -> None:
    settings.SANDBOX_SMTP_PORT = settings.SANDBOX_HTTP_PORT = 0
    with pytest.raises(CommandError, match="Set SANDBOX_SMTP_PORT and SANDBOX_HTTP_PORT"):
        call_command("run_sandbox")


@pytest.mark.parametrize("taken", ["SANDBOX_SMTP_PORT", "SANDBOX_HTTP_PORT"])
def test_a_taken_port_is_named(settings: Any, taken: str) -> None:
    settings.SANDBOX_SMTP_PORT, settings.SANDBOX_HTTP_PORT = free_port(), free_port()
    with socket.create_server(("127.0.0.1", 0)) as other:
        setattr(settings, taken, other.getsockname()[1])
        with pytest.raises(CommandError, match="cannot listen on ports"):
            call_command("run_sandbox")
