"""Rows of the evidence of turnover, and those that break its constraints."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Model

from tests.factories import merchants
from tests.project.making import DAY, insert

MONDAY = DAY - dt.timedelta(days=DAY.weekday())
CHANGED = {
    "state": "declining", "since": MONDAY, "since_from": MONDAY, "since_to": MONDAY,
    "usual": Decimal(100), "change": -0.2, "low": -0.3, "high": -0.1, "yearly": Decimal(-1_040),
    "score": -4.0, "by_chance": 0.01,
}  # fmt: skip


def _told(**values: Any) -> Model:
    shop = values.pop("merchant", None) or merchants.MerchantFactory()
    return insert(
        "merchants.MerchantTurnover", values, merchant=shop, number=shop.number, day=DAY,
        amount=Decimal(5), purchases=1,
    )  # fmt: skip


def _evidence(**values: Any) -> Model:
    return insert(
        "merchants.EvidenceOfTurnover", values, merchant=merchants.MerchantFactory, on=MONDAY,
        state="steady", weeks=104, level=Decimal(100), trend=0.0, reasons=list,
    )  # fmt: skip


def _weeks(**values: Any) -> Model:
    return insert(
        "merchants.WeeksOfTurnover", values, merchant=merchants.MerchantFactory, on=MONDAY,
        first=MONDAY - dt.timedelta(days=14), even=lambda: [100, None],
        group=lambda: [100, 90], taken=lambda: [100, 0], postings=lambda: [9, 0],
    )  # fmt: skip


BUILDERS: dict[str, Any] = {
    "merchants.MerchantTurnover": _told,
    "merchants.EvidenceOfTurnover": _evidence,
    "merchants.WeeksOfTurnover": _weeks,
}
CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    ("turnover_purchases", "merchants.MerchantTurnover", {"purchases": -1}),
    (
        "evidence_of_whole_weeks",
        "merchants.EvidenceOfTurnover",
        {"on": MONDAY + dt.timedelta(days=1)},
    ),
    ("evidence_says_what_changed", "merchants.EvidenceOfTurnover", {"state": "declining"}),
    *(
        ("evidence_says_what_changed", "merchants.EvidenceOfTurnover", CHANGED | {name: None})
        for name in CHANGED
        if name != "state"
    ),
    ("evidence_says_what_changed", "merchants.EvidenceOfTurnover", {"since": MONDAY}),
]
UNIQUES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    ("turnover_day_once", "merchants.MerchantTurnover", ["number", "day"], {}),
    ("evidence_once", "merchants.EvidenceOfTurnover", ["merchant", "on"], {}),
]
