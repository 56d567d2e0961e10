"""SMS over HTTP: what an answer means, and what silence means."""

import datetime as dt
import hmac
from typing import Any
from urllib.parse import parse_qs

import pytest

from journeys.outreach.channels.protocol import NotReadable, Parcel
from journeys.outreach.channels.sms.callbacks import read_answer, read_receipt
from journeys.outreach.channels.sms.gateway import SmsGateway, classify
from journeys.outreach.enums import Found
from tests.journeys.outreach.channels.scripted import HANG_UP, scripted

PARCEL = Parcel("7-abc", "13800138000", "", "【信用卡中心】您好&再见")
TAKEN = b"HTTP/1.1 202 Accepted\r\nContent-Length: 11\r\n\r\n0: Accepted"


@pytest.fixture(autouse=True)
def _set_up(settings: Any) -> None:
    settings.SMS_USER, settings.SMS_PASSWORD, settings.SMS_SENDER = "portal", "secret", "95500"
    settings.EMAIL_TIMEOUT = settings.OUTBOX_HAND_OVER_SECONDS = 20
    settings.CALLBACK_URL, settings.SMS_CALLBACK_SECRET = "", "shared"


def asked(request: bytes) -> dict[str, list[str]]:
    """The fields of a request, which stand in its query: Kannel looks nowhere else."""
    line = request.partition(b"\r\n")[0].decode()
    assert line.startswith("GET /cgi-bin/sendsms?")
    return parse_qs(line.split()[1].partition("?")[2])


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
    assert asked(received[0]) == {
        "username": ["portal"], "password": ["secret"], "from": ["95500"],
        "to": ["13800138000"], "text": ["【信用卡中心】您好&再见"], "coding": ["2"],
        "charset": ["UTF-8"], "id": ["7-abc"],
    }  # fmt: skip


def test_a_connection_closed_while_idle_is_opened_anew(settings: Any) -> None:
    with scripted([TAKEN], [TAKEN]) as (port, received):
        gateway = gateway_at(port, settings)
        assert gateway.hand_over(PARCEL).result == "sent"
        assert received.closed.acquire(timeout=60)
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


def test_a_receipt_is_asked_for_where_the_portal_can_be_called(settings: Any) -> None:
    settings.CALLBACK_URL = "http://portal.test:8000/"
    with scripted([TAKEN]) as (port, received):
        gateway = gateway_at(port, settings)
        gateway.hand_over(PARCEL)
        gateway.close()
    sent = asked(received[0])
    signature = hmac.new(b"shared", b"sms:7-abc", "sha256").hexdigest()
    assert sent["dlr-mask"] == ["19"]
    assert sent["dlr-url"] == [
        f"http://portal.test:8000/api/v1/channels/sms/receipts/?id=7-abc&sign={signature}"
        "&type=%d&answer=%A&reference=%F"
    ]


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"type": "1"}, "delivered"), ({"type": "2"}, "failed"), ({"type": "16"}, "rejected"),
        ({"type": "2", "answer": "id:1 stat:EXPIRED err:000"}, "expired"),
        ({"type": "4"}, None), ({"type": "8"}, None),
    ],
)  # fmt: skip
def test_receipts_are_read(fields: dict[str, str], kind: str | None) -> None:
    read = read_receipt({"id": "7-abc", "reference": "f1", **fields})
    assert (read.key, read.kind, read.reference) == ("7-abc", kind, "f1")


@pytest.mark.parametrize(
    ("fields", "cause"),
    [({"type": "1"}, "no_key"), ({"id": "7-abc"}, "unknown_kind"),
     ({"id": "7-abc", "type": "3"}, "unknown_kind"), ({"id": "", "type": "1"}, "no_key")],
)  # fmt: skip
def test_what_is_no_receipt_is_refused_with_its_cause(fields: dict[str, str], cause: str) -> None:
    with pytest.raises(NotReadable) as caught:
        read_receipt(fields)
    assert str(caught.value) == cause


def test_answers_are_read() -> None:
    read = read_answer({"from": "+8613800000000", "text": "退订", "reference": "u1", "time": "60"})
    assert (read.sender, read.words, read.reference) == ("+8613800000000", "退订", "u1")
    assert read.said_at == dt.datetime(1970, 1, 1, 0, 1, tzinfo=dt.UTC)
    assert read_answer({"from": "1", "time": "soon"}).said_at is None
    with pytest.raises(NotReadable):
        read_answer({"text": "R"})
