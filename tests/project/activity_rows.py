"""Rows of active and sleeping cards and of other counts of journeys, and those that break their
constraints."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Model

from tests.factories import journeys, portal
from tests.project.making import DAY, INSTANT, code, insert, lazy, number

FIRST = DAY.replace(day=1)
_FREE = dt.date(2030, 1, 1)


def _definition(**values: Any) -> Model:
    return insert(
        "journeys.ActiveDefinition", values, code=code, name="活卡", name_en="Active",
        effective_date=DAY, counted="cards", window_days=180, source="Board", set_at=INSTANT,
    )  # fmt: skip


def _sleep_rule(**values: Any) -> Model:
    return insert(
        "journeys.SleepRule", values, months=18, ceiling_percent=Decimal(20),
        near_percent=Decimal(18), source="Notice", set_at=INSTANT,
        effective_date=lambda: _FREE + dt.timedelta(days=number()),
    )  # fmt: skip


def _rest(**values: Any) -> Model:
    return insert(
        "journeys.CardRest", values, card=journeys.CardFactory, since=DAY, until=None, is_used=False
    )


def _mark(**values: Any) -> Model:
    return insert("journeys.CardMark", values, card_id=1, first=DAY, month=FIRST)


def _count(**values: Any) -> Model:
    return insert(
        "journeys.ActivityCount", values, kind="day", counted_at=INSTANT,
        day=lambda: _FREE + dt.timedelta(days=number()),
    )  # fmt: skip


def _of_day(label: str, **usual: Any) -> Any:
    def make(**values: Any) -> Model:
        return insert(
            label, values, branch=portal.BranchFactory, product=journeys.ProductFactory, **usual
        )

    return make


def _proof(**values: Any) -> Model:
    return insert(
        "journeys.ActivityProof", values, day=DAY, about="sleep", at=INSTANT, compared=3,
        differing=1, differences=[{"branch": "B", "product": "P", "kept": [1], "counted": [2]}],
    )  # fmt: skip


def _snapshot(**values: Any) -> Model:
    return insert(
        "journeys.ActivitySnapshot", values, number=code, customer=journeys.CustomerFactory,
        product=journeys.ProductFactory, taken_date=DAY, months_inactive=3, purchases=42,
    )  # fmt: skip


ROWS = {
    "journeys.ActiveDefinition": _definition,
    "journeys.SleepRule": _sleep_rule,
    "journeys.CardRest": _rest,
    "journeys.CardMark": _mark,
    "journeys.ActivityCount": _count,
    "journeys.ActivityDay": _of_day(
        "journeys.ActivityDay", day=DAY, definition=lazy("journeys.ActiveDefinition"), cards=10,
        used=4,
    ),
    "journeys.SleepDay": _of_day(
        "journeys.SleepDay", day=DAY, cards=10, asleep=2, due_30=1, due_60=2, due_90=3
    ),
    "journeys.SleepFlow": _of_day(
        "journeys.SleepFlow", day=DAY, days=30, due=5, woke=2, asleep=4, roused=1
    ),
    "journeys.CohortMonth": _of_day(
        "journeys.CohortMonth", month=FIRST, cards=10, used_30=3, used_65=4, used_90=5
    ),
    "journeys.ActivityProof": _proof,
    "journeys.ActivitySnapshot": _snapshot,
}  # fmt: skip

_BOUNDS = (
    {"months": 5}, {"months": 61}, {"near_percent": Decimal(0)}, {"near_percent": Decimal(21)},
    {"ceiling_percent": Decimal(101)},
)  # fmt: skip
CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    ("active_definition_window", "journeys.ActiveDefinition", {"window_days": 29}),
    ("active_definition_window", "journeys.ActiveDefinition", {"window_days": 1097}),
    ("active_definition_has_source", "journeys.ActiveDefinition", {"source": ""}),
    *(("sleep_rule_bounds", "journeys.SleepRule", broken) for broken in _BOUNDS),
    ("sleep_rule_has_source", "journeys.SleepRule", {"source": ""}),
    ("card_rest_is_a_span", "journeys.CardRest", {"until": DAY}),
    ("card_mark_month_begins", "journeys.CardMark", {"month": DAY}),
    ("activity_count_cohort_is_a_month", "journeys.ActivityCount", {"kind": "cohort", "day": DAY}),
    ("activity_count_is_due_or_done", "journeys.ActivityCount", {"counted_at": None}),
    ("activity_day_part", "journeys.ActivityDay", {"used": 11}),
    ("sleep_day_parts", "journeys.SleepDay", {"asleep": 8}),
    ("sleep_day_parts", "journeys.SleepDay", {"due_60": 4}),
    ("sleep_day_parts", "journeys.SleepDay", {"due_30": 3}),
    ("sleep_flow_parts", "journeys.SleepFlow", {"woke": 6}),
    ("sleep_flow_parts", "journeys.SleepFlow", {"roused": 5}),
    ("cohort_month_parts", "journeys.CohortMonth", {"used_90": 11}),
    ("cohort_month_parts", "journeys.CohortMonth", {"used_65": 6}),
    ("cohort_month_parts", "journeys.CohortMonth", {"used_30": 5}),
    ("activity_proof_part", "journeys.ActivityProof", {"differing": 4}),
    ("activity_snapshot_inactive", "journeys.ActivitySnapshot", {"months_inactive": 601}),
]
UNIQUES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    ("active_definition_once", "journeys.ActiveDefinition", ["code", "effective_date"], {}),
    ("card_rest_once", "journeys.CardRest", ["card", "since"],
     {"until": DAY + dt.timedelta(days=40)}),
    ("card_rest_lasts_once", "journeys.CardRest", ["card"],
     {"since": lambda: _FREE + dt.timedelta(days=number())}),
    ("activity_count_once", "journeys.ActivityCount", ["kind", "day"], {}),
    ("activity_day_once", "journeys.ActivityDay", ["definition", "day", "branch", "product"], {}),
    ("sleep_day_once", "journeys.SleepDay", ["day", "branch", "product"], {}),
    ("sleep_flow_once", "journeys.SleepFlow", ["day", "days", "branch", "product"], {}),
    ("merchant_day_once", "journeys.MerchantDay", ["merchant", "day"], {}),
    ("stage_count_once", "journeys.StageCount",
     ["level", "branch_key", "product_key", "month", "step"], {}),
    ("cohort_month_once", "journeys.CohortMonth", ["month", "branch", "product"], {}),
]  # fmt: skip
ONLY_ADDED_TO = [
    ("journeys.ActiveDefinition", "source"),
    ("journeys.SleepRule", "source"),
    ("journeys.ActivityProof", "about"),
]
