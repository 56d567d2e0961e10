"""Whether a use of a benefit can be recorded, and what a part of it is worth."""

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Opened:
    """A benefit that begins: of which grant, how often and until when it can be used."""

    grant_id: int
    customer_id: int
    uses: int
    end_date: dt.date | None


@dataclass(frozen=True)
class Standing:
    """How a benefit stands: its days, how much was there and is left, what was used of it, expired
    and was taken back, and whether it is lost for good."""

    uses: int
    left: int
    used: int
    expired: int
    taken_back: int
    from_date: dt.date
    end_date: dt.date | None
    is_lost: bool = False

    @property
    def last_date(self) -> dt.date | None:
        """The last day on which it can be used."""
        return self.end_date and self.end_date - dt.timedelta(days=1)

    def is_over(self, on: dt.date) -> bool:
        """This will tell whether its last day has passed."""
        return self.end_date is not None and self.end_date <= on

    def days_left(self, on: dt.date) -> int | None:
        """This will count the days that are left, today inside; None where it does not end."""
        return None if self.end_date is None else max((self.end_date - on).days, 0)

    def usable_on(self, day: dt.date) -> bool:
        """This will tell whether a day is one of its days."""
        return self.from_date <= day and (self.end_date is None or day < self.end_date)

    def free_for(self, day: dt.date) -> int:
        """This will return how many uses on a day can still be recorded: what expired counts,
        since that day was before."""
        if self.is_lost or not self.usable_on(day):
            return 0
        return self.left + self.expired


def worth_of(amount: Decimal, used: int, uses: int) -> Decimal:
    """This will return what a part of the uses is worth (CNY), at least a cent."""
    return max((amount * used / uses).quantize(CENT, ROUND_HALF_UP), CENT)
