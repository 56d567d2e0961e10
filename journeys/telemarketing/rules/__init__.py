"""How leads are shared out, and which one is the next."""

from journeys.telemarketing.rules.assigning import Line, Share, Wanted, share_out
from journeys.telemarketing.rules.choosing import Candidate, part_of_day, ranked, reasons_for
from journeys.telemarketing.rules.conversion import (
    CREDIT_APPLICATIONS,
    KNOW_APPLICATIONS,
    WITHIN_DAYS,
)

__all__ = [
    "CREDIT_APPLICATIONS", "KNOW_APPLICATIONS", "WITHIN_DAYS",
    "Candidate", "Line", "Share", "Wanted", "part_of_day", "ranked", "reasons_for", "share_out",
]  # fmt: skip
