"""Rules of telemarketing: how leads are shared out, which one is the next, which calls are read."""

from journeys.telemarketing.rules.agreement import FEWEST_PAIRS, Agreement, agreement
from journeys.telemarketing.rules.assigning import Line, Share, Wanted, share_out
from journeys.telemarketing.rules.choosing import Candidate, part_of_day, ranked, reasons_for
from journeys.telemarketing.rules.pace import FEWEST_CALLS, Pace
from journeys.telemarketing.rules.sampling import (
    RISKS,
    Drawn,
    DrawnFrom,
    Shares,
    drawn,
    how_many,
    lot,
)

__all__ = [
    "FEWEST_CALLS", "FEWEST_PAIRS", "RISKS", "Agreement", "Candidate", "Drawn", "DrawnFrom", "Line",
    "Pace", "Share", "Shares", "Wanted", "agreement", "drawn", "how_many", "lot", "part_of_day",
    "ranked", "reasons_for", "share_out",
]  # fmt: skip
