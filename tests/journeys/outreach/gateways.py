"""The practice gateways, run inside the test; a conftest takes the fixture over."""

from collections.abc import Iterator
from typing import Any

import pytest

from journeys.sandbox import intake
from tests.ports import free_port


@pytest.fixture
def gateways(transactional_db: None, settings: Any) -> Iterator[None]:
    """Both gateways, with the faults that numbers and addresses can ask for. Whoever waits for one
    that never answers takes less patience."""
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT, port = free_port(), free_port()
    settings.SMS_URL = f"http://127.0.0.1:{port}/cgi-bin/sendsms"
    settings.EMAIL_STATUS_URL = settings.SMS_STATUS_URL = f"http://127.0.0.1:{port}/status"
    settings.SMS_USER, settings.SMS_PASSWORD = "portal", "practice"
    settings.EMAIL_TIMEOUT = settings.OUTBOX_HAND_OVER_SECONDS = 20
    with intake.practice_gateways(smtp_port=settings.EMAIL_PORT, http_port=port, has_faults=True):
        yield
