"""How leads are shared out, which one is the next, and what comes after a call."""

from journeys.telemarketing.rules.assigning import Line, Share, Wanted, share_out
from journeys.telemarketing.rules.choosing import Candidate, part_of_day, ranked, reasons_for
from journeys.telemarketing.rules.recycling import (
    COOLING,
    GRACE,
    call_again_at,
    part_of_round,
    steps_of,
)

__all__ = [
    "COOLING", "GRACE", "Candidate", "Line", "Share", "Wanted", "call_again_at", "part_of_day",
    "part_of_round", "ranked", "reasons_for", "share_out", "steps_of",
]  # fmt: skip
