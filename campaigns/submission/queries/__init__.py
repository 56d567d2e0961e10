"""Reading what is submitted: versions, what they mean, and the texts that go with them."""

from campaigns.submission.queries.changed import (
    Breaking,
    breaking,
)
from campaigns.submission.queries.inside import (
    inside_of,
)
from campaigns.submission.queries.texts import (
    approved_with,
    find_text,
    findings_in,
    latest_of,
    reference_of,
    text,
    texts,
)
from campaigns.submission.queries.versions import (
    Readiness,
    Waiting,
    approved_before,
    co_authors_of,
    current_hash,
    drift_since,
    figures_of,
    history_of,
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
    "approved_with",
    "breaking",
    "co_authors_of",
    "current_hash",
    "drift_since",
    "figures_of",
    "find_text",
    "findings_in",
    "history_of",
    "inside_of",
    "latest_of",
    "page_of",
    "readiness_of",
    "reference_of",
    "run_as_submitted",
    "sent_back",
    "standing_of",
    "text",
    "texts",
    "unready_since",
    "waiting_of",
]
