"""Reading scores, what came of calls, and the versions of the model of calls."""

from journeys.scoring.queries.drifting import (
    COURSE_DAYS,
    LATEST,
    Compared,
    course_of,
    day_before,
    drift_of,
    moved_models,
    moved_since,
    newest_day,
    not_compared,
)
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
    newest_potential,
    past_of,
    potential_versions,
    promise_of,
)
from journeys.scoring.queries.scoring import Asked, CallScore, score_by, score_call
from journeys.scoring.queries.success import Success, span_of_calls, success_by

__all__ = [
    "COURSE_DAYS", "LATEST", "TRAITS", "Asked", "CallScore", "Compared", "Promise", "Scorer",
    "Success", "Value", "asked_of", "choice_for", "course_of", "day_before", "drift_of", "kept_of",
    "known_before", "latest_calls", "moved_models", "moved_since", "newest_day", "newest_model",
    "newest_potential", "not_compared", "past_of", "potential_versions", "promise_of",
    "reads_traits", "score_by", "score_call", "score_of", "span_of_calls", "success_by",
    "traits_by_branch", "versions",
]  # fmt: skip
