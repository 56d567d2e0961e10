"""Push messages over HTTP: what an answer means, and what silence means."""

import json
from typing import Any

import pytest

from journeys.outreach.channels.protocol import NotReadable, Parcel
from journeys.outreach.channels.push.callbacks import read_receipt
from journeys.outreach.channels.push.gateway import PushGateway, classify
from tests.journeys.outreach.channels.scripted import HANG_UP, scripted

PARCEL = Parcel("7-abc", "C00001", "达标", "您的礼品已发放")
TAKEN = b"HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\ntaken"


@pytest.fixture(autouse=True)
def _set_up(settings: Any) -> None:
    settings.EMAIL_TIMEOUT = settings.OUTBOX_HAND_OVER_SECONDS = 20
    settings.PUSH_TOKEN, settings.CALLBACK_URL = "secret", "http://portal.test"


def gateway_at(port: int, settings: Any) -> PushGateway:
    settings.PUSH_URL = f"http://127.0.0.1:{port}/push"
    return PushGateway()


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (200, "sent"), (202, "sent"), (409, "sent"), (302, "busy"), (400, "refused"),
        (401, "busy"), (403, "busy"), (404, "bad_address"), (410, "bad_address"),
        (422, "refused"), (429, "busy"), (500, "no_answer"), (502, "no_answer"), (503, "busy"),
        (504, "no_answer"), (100, "no_answer"),
    ],
)  # fmt: skip
def test_answers_are_classified(status: int, result: str) -> None:
    assert classify(status, "text").result == result


def test_one_connection_carries_many_messages(settings: Any) -> None:
    with scripted([TAKEN, TAKEN]) as (port, received):
        gateway = gateway_at(port, settings)
        assert [gateway.hand_over(PARCEL).result for _ in range(2)] == ["sent", "sent"]
        gateway.close()
    head, _blank, body = received[1].partition(b"\r\n\r\n")
    assert b"Authorization: Bearer secret" in head
    assert b"Content-Type: application/json" in head
    assert json.loads(body) == {
        "id": "7-abc", "customer": "C00001", "title": "达标", "text": "您的礼品已发放",
        "receipts": "http://portal.test/api/v1/channels/push/receipts/",
    }  # fmt: skip


def test_silence_means_doubt_and_no_connection_none(settings: Any) -> None:
    with scripted([HANG_UP]) as (port, _received):
        gateway = gateway_at(port, settings)
        assert gateway.hand_over(PARCEL).result == "no_answer"
    assert gateway_at(1, settings).hand_over(PARCEL).result == "unreachable"
    settings.PUSH_URL = ""
    assert PushGateway().hand_over(PARCEL).detail == "PUSH_URL"


@pytest.mark.parametrize("event", ["delivered", "read", "failed", "expired", "rejected"])
def test_receipts_are_read(event: str) -> None:
    read = read_receipt({"id": "7-abc", "event": event, "reference": "p1"})
    assert (read.key, read.kind, read.reference) == ("7-abc", event, "p1")


@pytest.mark.parametrize(
    ("fields", "cause"),
    [({}, "no_key"), ({"id": 7, "event": "read"}, "no_key"), ({"id": "7"}, "unknown_kind"),
     ({"id": "7", "event": ["read"]}, "unknown_kind")],
)  # fmt: skip
def test_what_is_no_receipt_is_refused_with_its_cause(fields: dict[str, Any], cause: str) -> None:
    with pytest.raises(NotReadable) as caught:
        read_receipt(fields)
    assert str(caught.value) == cause
