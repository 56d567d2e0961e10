"""One good row of what comes back about messages."""

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
    }
)
