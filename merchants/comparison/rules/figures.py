"""Figures of merchants, each with the interval in which the true one lies in 95 of 100 cases.

All are reckoned from the same whole months and weeks, without chance: the same facts give the same
intervals, on every machine.
"""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from merchants.comparison.enums import FigureCode
from portal.kit import shares

# Student's t at 97.5 % by degrees of freedom, from 1 on; beyond the table the normal value.
_T = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060,
)  # fmt: skip
LEAST_MONTHS = 3
BLOCK, LEAST_BLOCKS, MOST_BLOCKS = 4, 3, 12

FORMULAS: dict[str, Any] = {
    FigureCode.TURNOVER: _(
        "Net turnover of the active months divided by their number; a month is active where "
        "anything was posted. Interval: mean ± t · s / √n over the months (Student)."
    ),
    FigureCode.GROWTH: _(
        "Season and holidays taken out: the mean of the latest blocks of four weeks against that "
        "of as many blocks before, up to twelve each. Interval: of the difference of the mean "
        "logarithms, t · √(s₁²/n + s₂²/n)."
    ),
    FigureCode.FREQUENCY: _(
        "Purchases of a month divided by the customers who paid in it, as a mean of the active "
        "months. Interval: mean ± t · s / √n over the months (Student)."
    ),
    FigureCode.CUSTOMERS: _(
        "Customers who paid in a month, each counted once, as a mean of the active months. "
        "Interval: mean ± t · s / √n over the months (Student)."
    ),
    FigureCode.CARDS: _(
        "Primary cards issued on applications taken there, divided by the months. "
        "Interval: of a rare count (Poisson, by Byar's formula)."
    ),
}


@dataclass(frozen=True)
class Figure:
    """A figure from `low` to `high`, of `cases` months, blocks or cards; `months` are those of a
    mean. Without a value, `why` says in words what is missing."""

    value: float | None = None
    low: float = 0.0
    high: float = 0.0
    cases: int = 0
    why: Any = ""
    months: frozenset[dt.date] = frozenset()

    @property
    def is_known(self) -> bool:
        return self.value is not None


NOT_ENOUGH = Figure(why=_("too few months to say"))
TOO_FEW = Figure(why=_("too few to show"))
UNKNOWN = Figure(why=_("not known"))


def mean_of(by_month: Mapping[dt.date, float]) -> Figure:
    """This will return the mean of months with Student's interval; nothing here is below
    nought."""
    values, count = list(by_month.values()), len(by_month)
    if count < LEAST_MONTHS:
        return NOT_ENOUGH
    mean = sum(values) / count
    half = student(count - 1) * math.sqrt(_variance(values, mean) / count)
    months = frozenset(by_month)
    return Figure(mean, max(0.0, mean - half), mean + half, count, months=months)


def growth_of(even: Sequence[int | None]) -> Figure:
    """This will return by how many percent weeks without season changed: the latest blocks of four
    weeks against as many before them, in the order of time. Blocks of a closed merchant, and those
    that sold nothing, are left out, for none of them has a logarithm."""
    blocks = [even[end - BLOCK : end] for end in range(len(even), BLOCK - 1, -BLOCK)]
    half = min(MOST_BLOCKS, len(blocks) // 2)
    later, earlier = _logs(blocks[:half]), _logs(blocks[half : 2 * half])
    if min(len(later), len(earlier)) < LEAST_BLOCKS:
        return NOT_ENOUGH
    means = [sum(side) / len(side) for side in (later, earlier)]
    sides = zip((later, earlier), means, strict=True)
    spread = math.sqrt(sum(_variance(side, mean) / len(side) for side, mean in sides))
    change = means[0] - means[1]
    reach = student(len(later) + len(earlier) - 2) * spread
    return Figure(
        _percent(change), _percent(change - reach), _percent(change + reach),
        len(later) + len(earlier),
    )  # fmt: skip


def rate_of(count: int, months: int) -> Figure:
    """This will return how many came in a month, with the interval of their count."""
    if months < LEAST_MONTHS:
        return NOT_ENOUGH
    low, high = shares.bounds_of(count)
    return Figure(count / months, low / months, high / months, months)


def student(freedom: int) -> float:
    """This will return Student's t at 97.5 %."""
    if freedom <= len(_T):
        return _T[freedom - 1]
    return shares.Z_95 + (_T[-1] - shares.Z_95) * len(_T) / freedom


def _variance(values: Sequence[float], mean: float) -> float:
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)


def _logs(blocks: Sequence[Sequence[int | None]]) -> list[float]:
    sums = [[week for week in block if week is not None] for block in blocks]
    return [math.log(sum(weeks) / len(weeks)) for weeks in sums if weeks and sum(weeks) > 0]


def _percent(change: float) -> float:
    return 100 * (math.exp(change) - 1)
