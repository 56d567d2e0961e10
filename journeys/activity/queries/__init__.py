"""Reading what figures mean, what was counted, and which cards are about to fall asleep."""

from journeys.activity.queries.counts import (
    counts_again,
    has_marks,
    is_counted,
    is_unproved,
    latest_count,
    latest_proof,
    proofs,
)
from journeys.activity.queries.figures import (
    Asked,
    Cohort,
    Line,
    active_by_day,
    active_on,
    asleep_by_day,
    by_branch,
    by_product,
    cohorts,
    flows,
    sums_on,
)
from journeys.activity.queries.settings import (
    definitions,
    definitions_on,
    latest_definitions,
    limits_of,
    sleep_rule_on,
    sleep_rules,
    versions_of,
)
from journeys.activity.queries.sleeping import (
    Drowsy,
    Standing,
    drowsy,
    falling_asleep,
    standing,
    why_no_cards,
)
from journeys.activity.queries.snapshots import Inactive, by_inactivity, latest_day

__all__ = [
    "Asked", "Cohort", "Drowsy", "Inactive", "Line", "Standing", "active_by_day", "active_on",
    "asleep_by_day", "by_branch", "by_inactivity", "by_product", "cohorts", "counts_again",
    "definitions", "definitions_on", "drowsy", "falling_asleep", "flows", "has_marks",
    "is_counted", "is_unproved", "latest_count", "latest_day", "latest_definitions", "latest_proof",
    "limits_of", "proofs", "sleep_rule_on", "sleep_rules", "standing", "sums_on", "versions_of",
    "why_no_cards",
]  # fmt: skip
