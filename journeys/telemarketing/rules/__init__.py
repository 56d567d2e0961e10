"""How leads are shared out, which is the next, what comes after a call, which calls are read."""

from journeys.telemarketing.rules.agreement import FEWEST_PAIRS, Agreement, agreement
from journeys.telemarketing.rules.assigning import Line, Share, Taker, Wanted, share_out
from journeys.telemarketing.rules.choosing import (
    Candidate,
    Place,
    part_of_day,
    place_of,
    ranked,
    reasons_for,
)
from journeys.telemarketing.rules.conversion import WITHIN_DAYS
from journeys.telemarketing.rules.pace import FEWEST_CALLS, Pace
from journeys.telemarketing.rules.recycling import (
    COOLING,
    GRACE,
    call_again_at,
    part_of_round,
    steps_of,
)
from journeys.telemarketing.rules.relieving import Open, to_hand_over
from journeys.telemarketing.rules.rivals import said_of_rivals
from journeys.telemarketing.rules.sampling import (
    RISKS,
    Drawn,
    DrawnFrom,
    Shares,
    drawn,
    how_many,
    lot,
)
from journeys.telemarketing.rules.scripts import CODES, VARIABLES, Variant, as_rows, variant_of

__all__ = [
    "CODES", "COOLING", "FEWEST_CALLS", "FEWEST_PAIRS", "GRACE", "RISKS", "VARIABLES",
    "WITHIN_DAYS", "Agreement", "Candidate", "Drawn", "DrawnFrom", "Line", "Open", "Pace", "Place",
    "Share", "Shares", "Taker", "Variant", "Wanted", "agreement", "as_rows", "call_again_at",
    "drawn", "how_many", "lot", "part_of_day", "part_of_round", "place_of", "ranked", "reasons_for",
    "said_of_rivals", "share_out", "steps_of", "to_hand_over", "variant_of",
]  # fmt: skip
