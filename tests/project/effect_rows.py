"""Rows of the effects of campaigns, and those that break their constraints."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Model

from tests.factories import journeys
from tests.project.making import BUILDERS, DAY, INSTANT, insert, lazy, number

_BEFORE = DAY - dt.timedelta(days=1)


def _rule(**values: Any) -> Model:
    return insert(
        "campaigns.EffectRule", values, window_days=30, settle_days=3, fewest=100, tuned=2_000,
        error_percent=Decimal(5), power_percent=80, cap=Decimal(1_000), source="Board",
        effective_date=lambda: dt.date(2030, 1, 1) + dt.timedelta(days=number()),
    )  # fmt: skip


def _plan(**values: Any) -> Model:
    return insert(
        "campaigns.EffectPlan", values, campaign=lazy("campaigns.Campaign"),
        rule=lazy("campaigns.EffectRule"), conversion="first_use", first_date=DAY, fixed_at=INSTANT,
    )  # fmt: skip


def _ended_run() -> Any:
    from tests.project.rows import cleared_run

    return cleared_run()


def _intake(**values: Any) -> Model:
    run = values.pop("run", None) or _ended_run()
    return insert(
        "campaigns.EffectIntake", values, run=run, campaign_id=run.version.campaign_id,
        control_percent=10, entered=1, taken_at=INSTANT,
    )  # fmt: skip


def _entrant(**values: Any) -> Model:
    return insert(
        "campaigns.EffectEntrant", values, campaign=lazy("campaigns.Campaign"),
        customer=journeys.CustomerFactory, is_held=False, entered_date=DAY,
    )  # fmt: skip


def _day(**values: Any) -> Model:
    return insert(
        "campaigns.EffectDay", values, campaign=lazy("campaigns.Campaign"), entered_date=DAY,
        is_held=False, control_percent=10, people=100, is_ripe=True, converted=20, active=30,
        payers=30, amount=Decimal(3_000), squares=Decimal(400_000), capped_amount=Decimal(3_000),
        capped_squares=Decimal(400_000), active_before=10, payers_before=10,
        amount_before=Decimal(1_000), squares_before=Decimal(110_000), counted_at=INSTANT,
    )  # fmt: skip


def _look(**values: Any) -> Model:
    return insert(
        "campaigns.EffectLook", values, campaign=lazy("campaigns.Campaign"), on_date=DAY,
        measure="conversion", reached_people=900, held_people=100, reached=0.2, held=0.1, by=0.1,
        low=0.01, high=0.19, once_low=0.03, once_high=0.17, at=INSTANT,
    )  # fmt: skip


BUILDERS.update(
    {
        "campaigns.EffectRule": _rule, "campaigns.EffectPlan": _plan,
        "campaigns.EffectIntake": _intake, "campaigns.EffectEntrant": _entrant,
        "campaigns.EffectDay": _day, "campaigns.EffectLook": _look,
    }
)  # fmt: skip
_BOUNDS = (
    {"window_days": 6}, {"window_days": 367}, {"settle_days": 31}, {"fewest": 99},
    {"tuned": 99}, {"error_percent": 0}, {"error_percent": Decimal("10.01")},
    {"power_percent": 49}, {"power_percent": 100}, {"cap": 0}, {"source": ""},
)  # fmt: skip
_PARTS = (
    {"converted": 101}, {"active": 101}, {"payers": 101}, {"active_before": 101},
    {"payers_before": 101}, {"squares": -1}, {"capped_squares": -1}, {"squares_before": -1},
    {"control_percent": 51},
)  # fmt: skip
_NOTHING = {
    "converted": 0, "active": 0, "payers": 0, "amount": 0, "squares": 0, "capped_amount": 0,
    "capped_squares": 0,
}  # fmt: skip
_WITHIN = ({"low": 0.04}, {"once_low": 0.11}, {"once_high": 0.09}, {"high": 0.16})
CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    *(("effect_rule_bounds", "campaigns.EffectRule", broken) for broken in _BOUNDS),
    ("effect_plan_conversion_known", "campaigns.EffectPlan", {"conversion": "other"}),
    ("effect_intake_share_is_a_share", "campaigns.EffectIntake", {"control_percent": 51}),
    ("effect_entrant_crosses_after", "campaigns.EffectEntrant", {"crossed_date": _BEFORE}),
    *(("effect_day_parts", "campaigns.EffectDay", broken) for broken in _PARTS),
    *(
        ("effect_day_ripens", "campaigns.EffectDay", {**_NOTHING, "is_ripe": False, name: 1})
        for name in _NOTHING
    ),
    *(("effect_look_within", "campaigns.EffectLook", broken) for broken in _WITHIN),
    ("effect_look_measure_known", "campaigns.EffectLook", {"measure": "other"}),
]
UNIQUES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    ("effect_entrant_once", "campaigns.EffectEntrant", ["campaign", "customer"], {}),
    ("effect_day_once", "campaigns.EffectDay", ["campaign", "entered_date", "is_held"], {}),
    ("effect_look_once", "campaigns.EffectLook", ["campaign", "measure", "on_date"], {}),
]
ONLY_ADDED_TO = [
    ("campaigns.EffectRule", "source"),
    ("campaigns.EffectPlan", "conversion"),
    ("campaigns.EffectLook", "measure"),
]
