"""How stages follow from facts, and what a funnel says."""

from journeys.stages.rules.following import ALL_CUSTOMERS, DAYS, LOCK, follow, refresh_sql
from journeys.stages.rules.funnels import Funnel, Step, funnels_of

__all__ = [
    "ALL_CUSTOMERS", "DAYS", "LOCK", "Funnel", "Step", "follow", "funnels_of", "refresh_sql",
]  # fmt: skip
