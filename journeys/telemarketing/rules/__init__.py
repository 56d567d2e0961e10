"""How leads are shared out, and which one is the next."""

from journeys.telemarketing.rules.assigning import Line, Share, Wanted, share_out
from journeys.telemarketing.rules.choosing import (
    Candidate,
    Place,
    part_of_day,
    place_of,
    ranked,
    reasons_for,
)

__all__ = [
    "Candidate", "Line", "Place", "Share", "Wanted", "part_of_day", "place_of", "ranked",
    "reasons_for", "share_out",
]  # fmt: skip
