"""Reading scores, what came of calls, and the versions of the model of calls."""

from journeys.scoring.queries.drifting import LATEST, drift_of
from journeys.scoring.queries.many import (
    TRAITS,
    Scorer,
    Value,
    asked_of,
    kept_of,
    known_before,
    traits_by_branch,
)
from journeys.scoring.queries.models import (
    choice_for,
    latest_calls,
    newest_model,
    reads_traits,
    versions,
)
from journeys.scoring.queries.potential import score_of
from journeys.scoring.queries.promise import (
    Promise,
    moved_since,
    newest_potential,
    past_of,
    potential_versions,
    promise_of,
)
from journeys.scoring.queries.scoring import Asked, CallScore, score_by, score_call
from journeys.scoring.queries.success import Success, span_of_calls, success_by

__all__ = [
    "LATEST", "TRAITS", "Asked", "CallScore", "Promise", "Scorer", "Success", "Value", "asked_of",
    "choice_for", "drift_of", "kept_of", "known_before", "latest_calls", "moved_since",
    "newest_model", "newest_potential", "past_of", "potential_versions", "promise_of",
    "reads_traits", "score_by", "score_call", "score_of", "span_of_calls", "success_by",
    "traits_by_branch", "versions",
]  # fmt: skip
