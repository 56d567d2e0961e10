"""Telling rests, counting figures, proving them, and setting what they mean."""

from journeys.activity.operations.counting import BACK_DAYS, count_figures, days_to_count
from journeys.activity.operations.defining import (
    SettingNotAllowed,
    set_definition,
    set_sleep_rule,
)
from journeys.activity.operations.proving import prove_figures
from journeys.activity.operations.settling import settle_marks

__all__ = [
    "BACK_DAYS", "SettingNotAllowed", "count_figures", "days_to_count", "prove_figures",
    "set_definition", "set_sleep_rule", "settle_marks",
]  # fmt: skip
