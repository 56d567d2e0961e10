"""The practice gateways take what real ones take, and practise faults where asked to."""

import http.client
import smtplib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connections

from journeys.sandbox import intake
from journeys.sandbox.models import ReceivedMessage
from portal.runtime import engines

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ports(settings: Any, transactional_db: None) -> Iterator[tuple[int, int]]:
    settings.SMS_USER, settings.SMS_PASSWORD = "portal", "practice"
    smtp_port, http_port = engines.free_port(), engines.free_port()
    with intake.practice_gateways(smtp_port=smtp_port, http_port=http_port):
        yield smtp_port, http_port


def ask(port: int, method: str, path: str, **fields: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    query = urlencode(fields)
    target, body = (f"{path}?{query}", None) if method == "GET" else (path, query)
    connection.request(method, target, body)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


SMS = {
    "username": "portal", "password": "practice", "to": "13800138000", "from": "95500",
    "text": "您好&再见", "id": "7-abc",
}  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_sms_is_kept_each_time_it_is_handed_over(ports: tuple[int, int], method: str) -> None:
    for _ in range(2):
        assert ask(ports[1], method, "/cgi-bin/sendsms", **SMS) == (202, "0: Accepted for delivery")
    rows = ReceivedMessage.objects.values_list(
        "channel", "message_key", "destination", "sender", "body"
    )
    assert list(rows) == [("sms", "7-abc", "13800138000", "95500", "您好&再见")] * 2
    assert ask(ports[1], "GET", "/status", key="7-abc") == (200, "sent")
    assert ask(ports[1], "GET", "/status", key="7-abd") == (200, "absent")


@pytest.mark.parametrize(
    ("change", "status"),
    [({"password": "x"}, 403), ({"username": ""}, 403), ({"to": ""}, 400), ({"text": ""}, 400)],
)
def test_what_a_gateway_would_not_take_is_refused(
    ports: tuple[int, int], change: dict[str, str], status: int
) -> None:
    assert ask(ports[1], "POST", "/cgi-bin/sendsms", **{**SMS, **change})[0] == status
    assert ask(ports[1], "GET", "/elsewhere")[0] == 404
    assert ReceivedMessage.objects.count() == 0


def test_a_mail_is_kept_for_each_recipient(ports: tuple[int, int]) -> None:
    with smtplib.SMTP("127.0.0.1", ports[0], timeout=5) as smtp:
        mail = "From: card@bank.example\r\nSubject: Hello\r\nX-Message-Key: 8-x\r\n\r\nText\r\n"
        smtp.sendmail("card@bank.example", ["a@b.test", "c@d.test"], mail)
    rows = ReceivedMessage.objects.order_by("destination").values_list(
        "channel", "message_key", "destination", "subject", "body"
    )
    assert list(rows) == [
        ("email", "8-x", "a@b.test", "Hello", "Text\n"),
        ("email", "8-x", "c@d.test", "Hello", "Text\n"),
    ]


def test_a_lost_database_connection_is_replaced(ports: tuple[int, int]) -> None:
    assert ask(ports[1], "POST", "/cgi-bin/sendsms", **SMS)[0] == 202
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert ask(ports[1], "POST", "/cgi-bin/sendsms", **SMS)[0] == 202
    assert ReceivedMessage.objects.count() == 2
