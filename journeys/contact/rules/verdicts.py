"""What the gate answers about one customer."""

import datetime as dt
from dataclasses import dataclass

from journeys.contact.enums import GateAnswer


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """The gate's answer about one customer.

    `channel` is the channel to use, "" where none was found before the answer was clear.
    `not_before` is the planned instant of the contact, None where the person may not be
    contacted. `next_free` is the first instant at which the answer would be yes where the caps
    alone stand against it, and the end of the bank's control group where that does; None where it
    is not known.
    """

    customer_id: int
    answer: str
    channel: str
    not_before: dt.datetime | None
    next_free: dt.datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.answer == GateAnswer.OPEN
