"""Reading touch plans."""

from campaigns.touches.queries.asking import Found, find
from campaigns.touches.queries.stays import (
    Stay,
    covered_by,
    due_among,
    ended,
    newest_live_run,
    qualified_in,
    stays_after,
    stays_inside,
    stays_of,
    versions_in_force,
    versions_to_move_to,
    versions_with_people,
    versions_with_people_of,
)

__all__ = [
    "Found", "Stay", "covered_by", "due_among", "ended", "find", "newest_live_run",
    "qualified_in", "stays_after", "stays_inside", "stays_of", "versions_in_force",
    "versions_to_move_to", "versions_with_people", "versions_with_people_of",
]  # fmt: skip
