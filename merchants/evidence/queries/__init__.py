"""Reading turnover, and what it shows."""

from merchants.evidence.queries.days import Month, Spans, turnover_by_month, turnover_in
from merchants.evidence.queries.evidence import (
    is_judged,
    judged_on,
    latest_of,
    monday_of,
    weeks_of,
    weeks_of_many,
    weeks_within,
)
from merchants.evidence.queries.reach import months_to_share, quarters_before, reach_by_month
from merchants.evidence.queries.suggestions import suggested_phases

__all__ = [
    "Month", "Spans", "is_judged", "judged_on", "latest_of", "monday_of", "months_to_share",
    "quarters_before", "reach_by_month", "suggested_phases", "turnover_by_month", "turnover_in",
    "weeks_of", "weeks_of_many", "weeks_within",
]  # fmt: skip
