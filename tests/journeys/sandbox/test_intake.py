"""The practice gateways take what real ones take, and practise faults where asked to."""

import http.client
import json
import smtplib
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connections

from journeys.sandbox import intake
from journeys.sandbox.models import ReceivedMessage
from tests.journeys.outreach.channels.scripted import scripted
from tests.ports import free_port

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ports(settings: Any, transactional_db: None) -> Iterator[tuple[int, int]]:
    settings.SMS_USER, settings.SMS_PASSWORD = "portal", "practice"
    smtp_port, http_port = free_port(), free_port()
    with intake.practice_gateways(smtp_port=smtp_port, http_port=http_port):
        yield smtp_port, http_port


def ask(port: int, method: str, path: str, **fields: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
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
    with smtplib.SMTP("127.0.0.1", ports[0], timeout=60) as smtp:
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


PUSH = {"id": "9-x", "customer": "C00001", "title": "达标", "text": "礼品已发放"}


def push(port: int, token: str = "practice", **change: str) -> tuple[int, str]:  # noqa: S107
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request("POST", "/push", json.dumps({**PUSH, **change}), headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


def test_a_push_message_is_kept(ports: tuple[int, int], settings: Any) -> None:
    settings.PUSH_TOKEN = "practice"
    assert push(ports[1]) == (202, "taken")
    row = ReceivedMessage.objects.get()
    assert (row.channel, row.message_key, row.masked_destination) == ("push", "9-x", "C00001")
    assert (row.subject, row.body) == ("达标", "礼品已发放")
    assert ask(ports[1], "GET", "/status", key="9-x") == (200, "sent")


@pytest.mark.parametrize(
    ("token", "change", "status"),
    [("x", {}, 403), ("practice", {"customer": ""}, 404), ("practice", {"id": ""}, 404)],
)
def test_a_push_message_that_a_gateway_would_not_take_is_refused(
    ports: tuple[int, int], settings: Any, token: str, change: dict[str, str], status: int
) -> None:
    settings.PUSH_TOKEN = "practice"
    assert push(ports[1], token, **change)[0] == status
    assert ReceivedMessage.objects.count() == 0


def test_receipts_are_brought_to_this_machine_alone(ports: tuple[int, int], settings: Any) -> None:
    settings.PUSH_TOKEN, settings.PUSH_CALLBACK_SECRET = "practice", "shared"
    taken = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with scripted([taken], [taken]) as (port, received):
        here, elsewhere = f"http://127.0.0.1:{port}/r", "http://gateway.bank.example/r"
        for url in (elsewhere, here):
            push(ports[1], receipts=url)
        dlr = f"{here}?id=7-abc&type=%d&answer=%A&reference=%F"
        ask(ports[1], "GET", "/cgi-bin/sendsms", **SMS, **{"dlr-url": dlr})
        end = time.monotonic() + 60
        while len(received) < 2 and time.monotonic() < end:
            time.sleep(0.05)
    assert b"Authorization: Bearer shared" in received[0]
    assert json.loads(received[0].partition(b"\r\n\r\n")[2]) == {
        "id": "9-x", "event": "delivered",
    }  # fmt: skip
    assert received[1].startswith(b"GET /r?id=7-abc&type=1&answer=&reference=practice HTTP/1.1")


def test_a_receipt_may_get_lost(settings: Any, transactional_db: None) -> None:
    settings.SMS_USER, settings.SMS_PASSWORD = "portal", "practice"
    taken = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    smtp_port, http_port = free_port(), free_port()
    with (
        scripted([taken]) as (port, received),
        intake.practice_gateways(smtp_port=smtp_port, http_port=http_port, has_faults=True),
    ):
        for number in ("13800003333", "13800138007"):
            dlr = f"http://127.0.0.1:{port}/r?to={number}"
            sms = SMS | {"to": number, "dlr-url": dlr}
            assert ask(http_port, "GET", "/cgi-bin/sendsms", **sms)[0] == 202
        end = time.monotonic() + 60
        while not received and time.monotonic() < end:
            time.sleep(0.05)
    assert ReceivedMessage.objects.count() == 2
    assert [b"to=13800138007" in call for call in received] == [True]


def test_the_way_out_of_a_mail_is_shown_beneath_it(ports: tuple[int, int]) -> None:
    with smtplib.SMTP("127.0.0.1", ports[0], timeout=60) as smtp:
        mail = (
            "From: card@bank.example\r\nSubject: Hello\r\nX-Message-Key: 8-x\r\n"
            "List-Unsubscribe: <https://card.bank.example/unsubscribe/?t=x>,\r\n"
            " <mailto:card@bank.example>\r\n\r\nText\r\n"
        )
        smtp.sendmail("card@bank.example", ["a@b.test"], mail)
    body = ReceivedMessage.objects.get().body
    assert body == "Text\n\n[List-Unsubscribe] https://card.bank.example/unsubscribe/?t=x\n"
