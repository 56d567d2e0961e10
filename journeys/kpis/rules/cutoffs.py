"""When a day's first figures are taken, and when its report is closed."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Cutoff:
    """The cut-off of a day, and the time of the next day at which its report is closed; both by
    the bank's clock."""

    at: dt.time
    closed: dt.time


# Before the first rule.
USUAL = Cutoff(dt.time(18), dt.time(8))
