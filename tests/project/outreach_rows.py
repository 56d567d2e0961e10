"""One good row of what comes back about messages, and of what is called off; the rows that break
rules of the latter."""

import datetime as dt
from typing import Any

from django.db.models import Model

from tests.factories import journeys
from tests.project.making import BUILDERS, INSTANT, code, insert, lazy, number


def _receipt(**values: Any) -> Model:
    return insert(
        "journeys.Receipt", values, message=lazy("journeys.Message"), kind="delivered", at=INSTANT
    )


def _answer(**values: Any) -> Model:
    return insert(
        "journeys.Answer", values, channel="sms", reference=code, customer=journeys.CustomerFactory,
        sender_masked="138****0000", words="您好", finding="other", at=INSTANT,
    )  # fmt: skip


def _bad_address(**values: Any) -> Model:
    return insert(
        "journeys.BadAddress", values, customer=journeys.CustomerFactory, address_sealed=b"x",
        address_index=lambda: f"{number():016d}".encode(), address_masked="a***@b.test",
        cause="5.1.1", since=INSTANT,
    )  # fmt: skip


def _calling_off(**values: Any) -> Model:
    return insert("journeys.CallingOff", values, origin=code, reason="x", asked_at=INSTANT)


def _bad_call(**values: Any) -> Model:
    minute = INSTANT + dt.timedelta(minutes=number())
    return insert(
        "journeys.BadCall", values, channel="sms", door="receipts", cause="bad_secret",
        address="10.0.0.1", minute=minute,
    )  # fmt: skip


BUILDERS.update(
    {
        "journeys.Receipt": _receipt,
        "journeys.Answer": _answer,
        "journeys.BadAddress": _bad_address,
        "journeys.BadCall": _bad_call,
        "journeys.CallingOff": _calling_off,
    }
)

CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    ("calling_off_has_reason", "journeys.CallingOff", {"reason": ""}),
    ("calling_off_has_reason", "journeys.CallingOff", {"origin": ""}),
    ("calling_off_done_whole", "journeys.CallingOff", {"done_at": INSTANT}),
    (
        "calling_off_done_whole",
        "journeys.CallingOff",
        {"done_at": INSTANT - dt.timedelta(seconds=1), "calls_after": None},
    ),
]
UNIQUES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    ("calling_off_open_once", "journeys.CallingOff", ["origin"], {}),
    ("halt_open_once", "journeys.OriginHalt", ["origin"], {}),
    ("sending_rate_once", "journeys.SendingRate", ["channel", "gateway", "effective_date"], {}),
]
