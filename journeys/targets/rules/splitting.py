"""Splitting a whole so that its parts sum exactly to it."""

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

MONTHS_OF = {"year": 12, "quarter": 3, "month": 1}


class NothingToSplitBy(Exception):
    """Raised where no part has any weight."""


def split(whole: Decimal, weights: Sequence[Decimal], *, step: Decimal) -> list[Decimal]:
    """This will split `whole` by weights into multiples of `step`, the last of which may be left
    over where the whole is none: each part gets its share rounded down, and what is left goes, a
    step each, to the largest remainders (Hare-Niemeyer); of equal ones to the first. The parts sum
    exactly to the whole. Raises NothingToSplitBy."""
    total = sum(weights, Decimal(0))
    if total <= 0 or min(weights) < 0:
        raise NothingToSplitBy
    shares = [whole * weight / total for weight in weights]
    parts = [(share / step).quantize(Decimal(1), rounding=ROUND_DOWN) * step for share in shares]
    left = whole - sum(parts, Decimal(0))
    order = sorted(range(len(parts)), key=lambda place: (parts[place] - shares[place], place))
    heavy = [place for place in order if weights[place] > 0]
    place = 0
    while left > 0:
        given = min(step, left)
        parts[heavy[place % len(heavy)]] += given
        left -= given
        place += 1
    return parts


def months_of(first: dt.date, count: int) -> list[dt.date]:
    """This will list the first days of `count` months from that of `first` on."""
    start = first.year * 12 + first.month - 1
    return [dt.date(at // 12, at % 12 + 1, 1) for at in range(start, start + count)]


def next_month(month: dt.date) -> dt.date:
    """This will return the first day of the month after."""
    return months_of(month, 2)[1]
