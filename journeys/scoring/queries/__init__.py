"""Reading scores, and what came of calls."""

from journeys.scoring.queries.potential import score_of
from journeys.scoring.queries.success import Success, success_by

__all__ = ["Success", "score_of", "success_by"]
