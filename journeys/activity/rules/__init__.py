"""What is active, what sleeps, and what is to be expected."""

from journeys.activity.rules.counting import (
    COHORT_DAYS,
    FORECAST_DAYS,
    FRAMES,
    Exclusions,
    Ratio,
    is_mature,
    last_since,
    months_later,
)
from journeys.activity.rules.forecasting import Flow, Forecast, forecast
from journeys.activity.rules.limits import USUAL, SleepLimits

__all__ = [
    "COHORT_DAYS", "FORECAST_DAYS", "FRAMES", "USUAL", "Exclusions", "Flow", "Forecast",
    "Ratio", "SleepLimits", "forecast", "is_mature", "last_since", "months_later",
]  # fmt: skip
