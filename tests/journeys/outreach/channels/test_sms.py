"""SMS over HTTP: what an answer means, and what silence means."""

import time
from typing import Any
from urllib.parse import parse_qs

import pytest

from journeys.outreach.channels.protocol import Parcel
from journeys.outreach.channels.sms.gateway import SmsGateway, classify
from journeys.outreach.enums import Found
from tests.journeys.outreach.channels.scripted import HANG_UP, scripted

PARCEL = Parcel("7-abc", "13800138000", "", "【信用卡中心】您好&再见")
TAKEN = b"HTTP/1.1 202 Accepted\r\nContent-Length: 11\r\n\r\n0: Accepted"


@pytest.fixture(autouse=True)
def _set_up(settings: Any) -> None:
    settings.SMS_USER, settings.SMS_PASSWORD, settings.SMS_SENDER = "portal", "secret", "95500"
    settings.EMAIL_TIMEOUT = settings.OUTBOX_HAND_OVER_SECONDS = 1


def gateway_at(port: int, settings: Any) -> SmsGateway:
    settings.SMS_URL = f"http://127.0.0.1:{port}/cgi-bin/sendsms"
    return SmsGateway()


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (200, "sent"), (202, "sent"), (302, "busy"), (400, "bad_address"), (401, "busy"),
        (403, "busy"), (404, "busy"), (413, "refused"), (422, "refused"), (429, "busy"),
        (500, "no_answer"), (501, "busy"), (502, "no_answer"), (503, "busy"),
        (504, "no_answer"),
    ],
)  # fmt: skip
def test_answers_are_classified(status: int, result: str) -> None:
    assert classify(status, "text").result == result


def test_one_connection_carries_many_messages(settings: Any) -> None:
    with scripted([TAKEN, TAKEN]) as (port, received):
        gateway = gateway_at(port, settings)
        outcomes = [gateway.hand_over(PARCEL) for _ in range(2)]
        gateway.close()
    assert [outcome.result for outcome in outcomes] == ["sent", "sent"]
    assert outcomes[0].reference == "0: Accepted"
    assert parse_qs(received[0].partition(b"\r\n\r\n")[2].decode()) == {
        "username": ["portal"], "password": ["secret"], "from": ["95500"],
        "to": ["13800138000"], "text": ["【信用卡中心】您好&再见"], "coding": ["2"],
        "charset": ["UTF-8"], "id": ["7-abc"],
    }  # fmt: skip


def test_a_connection_closed_while_idle_is_opened_anew(settings: Any) -> None:
    with scripted([TAKEN], [TAKEN]) as (port, _received):
        gateway = gateway_at(port, settings)
        assert gateway.hand_over(PARCEL).result == "sent"
        time.sleep(0.1)
        assert gateway.hand_over(PARCEL).result == "sent"
        gateway.close()


@pytest.mark.parametrize("answer", [HANG_UP, b"nonsense\r\n", b"HTTP/1.1 2"])
def test_after_the_request_silence_means_doubt(answer: bytes, settings: Any) -> None:
    with scripted([answer]) as (port, _received):
        gateway = gateway_at(port, settings)
        assert gateway.hand_over(PARCEL).result == "no_answer"
        gateway.close()


def test_nothing_listens_there(settings: Any) -> None:
    assert gateway_at(1, settings).hand_over(PARCEL).result == "unreachable"
    settings.SMS_URL = ""
    assert SmsGateway().hand_over(PARCEL).result == "unreachable"


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nsent\n", Found.SENT),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabsent", Found.ABSENT),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", Found.UNKNOWN),
        (b"HTTP/1.1 404 No\r\nContent-Length: 6\r\n\r\nabsent", Found.UNKNOWN),
        (HANG_UP, Found.UNKNOWN),
    ],
)
def test_only_a_plain_word_settles_a_doubt(answer: bytes, found: Found, settings: Any) -> None:
    with scripted([answer]) as (port, received):
        settings.SMS_STATUS_URL = f"http://127.0.0.1:{port}/status"
        assert SmsGateway().find("7-abc") == found
    assert received[0].startswith(b"GET /status?key=7-abc HTTP/1.1\r\n")


def test_without_a_status_address_nothing_is_known(settings: Any) -> None:
    settings.SMS_STATUS_URL = ""
    assert SmsGateway().find("7-abc") == Found.UNKNOWN
