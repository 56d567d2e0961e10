"""Rows of the eras of branches, and those that break their constraints."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Model

from tests.factories import portal
from tests.project.making import BUILDERS, DAY, insert, number

FIRST = DAY.replace(day=1)


def _rule(**values: Any) -> Model:
    return insert(
        "campaigns.EraRule", values, months=3, fewest_cards=1, known_percent=50,
        fewest_customers=1, pull_percent=50, batch_percent=30, reached_percent=25,
        partner_percent=40, source="Board",
        effective_date=lambda: dt.date(2030, 1, 1) + dt.timedelta(days=number()),
    )  # fmt: skip


def _month(**values: Any) -> Model:
    return insert(
        "campaigns.EraMonth", values, branch=portal.BranchFactory, month=FIRST, cards=10, pulled=4,
        batched=3, brought=2, customers=100, reached=30, spent=Decimal(500), placed=Decimal(400),
        at_partners=Decimal(200),
    )  # fmt: skip


def _mark(**values: Any) -> Model:
    return insert("campaigns.EraMark", values, first=FIRST, end=None)


BUILDERS.update(
    {"campaigns.EraRule": _rule, "campaigns.EraMonth": _month, "campaigns.EraMark": _mark}
)
_BOUNDS = (
    {"months": 0}, {"months": 25}, {"fewest_cards": 0}, {"fewest_customers": 0},
    {"known_percent": 0}, {"pull_percent": 101}, {"batch_percent": 101}, {"reached_percent": 0},
    {"partner_percent": 101}, {"source": ""},
)  # fmt: skip
_PARTS = (
    {"cards": 8}, {"reached": 101}, {"placed": Decimal(501)}, {"at_partners": Decimal(401)},
    {"at_partners": Decimal(-1)},
)  # fmt: skip
CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    *(("era_rule_bounds", "campaigns.EraRule", broken) for broken in _BOUNDS),
    *(("era_month_parts", "campaigns.EraMonth", broken) for broken in _PARTS),
    ("era_month_is_whole", "campaigns.EraMonth", {"month": FIRST + dt.timedelta(days=1)}),
    ("era_mark_is_a_span", "campaigns.EraMark", {"end": FIRST}),
]
UNIQUES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    ("era_month_once", "campaigns.EraMonth", ["month", "branch"], {}),
]
