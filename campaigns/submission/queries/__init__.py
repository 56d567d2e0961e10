"""Reading what is submitted: versions, and what they mean."""

from campaigns.submission.queries.changed import (
    Breaking,
    breaking,
)
from campaigns.submission.queries.inside import (
    inside_of,
)
from campaigns.submission.queries.versions import (
    Readiness,
    Waiting,
    approved_before,
    changed_since,
    co_authors_of,
    current_hash,
    drift_since,
    excused_in,
    figures_of,
    history_of,
    measured_in,
    page_of,
    readiness_of,
    run_as_submitted,
    sent_back,
    standing_of,
    unready_since,
    waiting_of,
)

__all__ = [
    "Breaking",
    "Readiness",
    "Waiting",
    "approved_before",
    "breaking",
    "changed_since",
    "co_authors_of",
    "current_hash",
    "drift_since",
    "excused_in",
    "figures_of",
    "history_of",
    "inside_of",
    "measured_in",
    "page_of",
    "readiness_of",
    "run_as_submitted",
    "sent_back",
    "standing_of",
    "unready_since",
    "waiting_of",
]
