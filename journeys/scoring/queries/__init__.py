"""Reading scores, what came of calls, and the versions of the model of calls."""

from journeys.scoring.queries.drifting import LATEST, drift_of
from journeys.scoring.queries.models import (
    choice_for,
    latest_calls,
    newest_model,
    reads_traits,
    versions,
)
from journeys.scoring.queries.potential import score_of
from journeys.scoring.queries.scoring import Asked, CallScore, score_call
from journeys.scoring.queries.success import Success, span_of_calls, success_by

__all__ = [
    "LATEST", "Asked", "CallScore", "Success", "choice_for", "drift_of", "latest_calls",
    "newest_model", "reads_traits", "score_call", "score_of", "span_of_calls", "success_by",
    "versions",
]  # fmt: skip
