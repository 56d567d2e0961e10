"""Reading touch plans."""

from campaigns.touches.queries.asking import Found, find
from campaigns.touches.queries.breaches import BREACHES
from campaigns.touches.queries.calls import (
    calls_asked_until,
    places_of_steps,
    steps_left_on_calls,
    versions_left_on_calls,
)
from campaigns.touches.queries.fates import (
    Coming,
    Fated,
    Fates,
    Line,
    Next,
    coming_of,
    fated,
    fates_of,
    lines_of,
    next_steps,
)
from campaigns.touches.queries.figures import (
    intakes_of,
    people_of,
    picture,
    stays_about,
    step_figures,
)
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
from campaigns.touches.queries.variants import drawn

__all__ = [
    "BREACHES", "Coming", "Fated", "Fates", "Found", "Line", "Next", "Stay", "calls_asked_until",
    "coming_of", "covered_by", "drawn", "due_among", "ended", "fated", "fates_of", "find",
    "intakes_of", "lines_of", "newest_live_run", "next_steps", "people_of", "picture",
    "places_of_steps", "qualified_in", "stays_about", "stays_after", "stays_inside", "stays_of",
    "step_figures", "steps_left_on_calls", "versions_in_force", "versions_left_on_calls",
    "versions_to_move_to", "versions_with_people", "versions_with_people_of",
]  # fmt: skip
