"""How stages follow from facts, and what a funnel says."""

from journeys.stages.rules.counting import (
    BRANCH,
    LEGS,
    LEVELS,
    MONTH,
    NO_MONTH,
    PRODUCT,
    STANDING,
    level_for,
)
from journeys.stages.rules.following import (
    ALL_CUSTOMERS,
    DAYS,
    LOCK,
    follow,
    refresh_sql,
    step_on_sql,
)
from journeys.stages.rules.funnels import Flow, Funnel, Step, funnels_of

__all__ = [
    "ALL_CUSTOMERS", "BRANCH", "DAYS", "LEGS", "LEVELS", "LOCK", "MONTH", "NO_MONTH", "PRODUCT",
    "STANDING", "Flow", "Funnel", "Step", "follow", "funnels_of", "level_for", "refresh_sql",
    "step_on_sql",
]  # fmt: skip
