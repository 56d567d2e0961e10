"""How leads are shared out, and which one is the next."""

from journeys.telemarketing.rules.assigning import Line, Share, Wanted, share_out
from journeys.telemarketing.rules.choosing import Candidate, part_of_day, ranked, reasons_for
from journeys.telemarketing.rules.rivals import said_of_rivals
from journeys.telemarketing.rules.scripts import CODES, VARIABLES, Variant, as_rows, drawn

__all__ = [
    "CODES", "VARIABLES", "Candidate", "Line", "Share", "Variant", "Wanted", "as_rows", "drawn",
    "part_of_day", "ranked", "reasons_for", "said_of_rivals", "share_out",
]  # fmt: skip
