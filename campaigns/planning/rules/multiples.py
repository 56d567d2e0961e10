"""How many points a multiple of the points of some spending comes to.

A card earns one point for each whole yuan of its net spending. N times the points are those, which
the card earns in any case, and N - 1 more of each, which the campaign gives: rounded down, and no
more than the plan allows one customer.
"""

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from campaigns.conditions.rules import base
from campaigns.conditions.rules.multiplied import MultipliedSpending
from campaigns.planning.rules.reading import Reading

_MOST_TIMES = Decimal(100)
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Multiple:
    """`times` the points of what is spent."""

    times: Decimal
    spending: MultipliedSpending

    @property
    def more(self) -> Decimal:
        """How many points are given for each whole yuan besides the card's own."""
        return self.times - 1

    def points_for(self, spent: Decimal) -> int:
        """This will return the points that are given for a net sum (CNY)."""
        return max(0, math.floor(self.more * math.floor(spent)))

    def as_data(self) -> dict[str, Any]:
        """This will write it as the fields of a tier."""
        return {"times": plain(self.times), "spending": self.spending.as_fields()}


def plain(number: Decimal) -> str:
    """This will write a number without zeros at its end: 3, 1.5."""
    return f"{number.normalize():f}"


def worth(points: int, *, most: int, value: Decimal) -> Decimal:
    """This will return what points are worth (CNY) where `most` of them are worth `value`; a part
    of a cent counts as a cent, so that what is reserved is never too little."""
    return (value * points / most).quantize(_CENT, rounding="ROUND_CEILING")


def read_multiple(part: Reading) -> Multiple | None:
    """This will read the fields of a tier that multiplies points; what is wrong is noted."""
    times = part.by("times", _read_times)
    spending = part.condition("spending", MultipliedSpending)
    if times is None or spending is None:
        return None
    found = Multiple(times, spending)
    if not found.points_for(spending.at_least):
        part.wrong("spending.at_least", _("is not enough for one point; take more"))
    return found


def _read_times(raw: Any, place: str) -> Decimal:
    times = base.with_two_places(raw)
    if times is None or not 1 < times <= _MOST_TIMES:
        raise base.RuleWrong(
            place,
            _("must be a number above 1, at most {most}, with at most two decimal places").format(
                most=_MOST_TIMES
            ),
        )
    return times
