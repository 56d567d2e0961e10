"""Reading turnover, and what it shows."""

from merchants.evidence.queries.evidence import (
    is_judged,
    judged_on,
    latest_of,
    monday_of,
    weeks_of,
    weeks_within,
)
from merchants.evidence.queries.suggestions import suggested_phases

__all__ = [
    "is_judged", "judged_on", "latest_of", "monday_of", "suggested_phases",
    "weeks_of", "weeks_within",
]  # fmt: skip
