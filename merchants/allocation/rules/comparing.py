"""Two splits held beside one another: what one is expected to bring more than the other."""

from dataclasses import dataclass
from math import isqrt

from merchants.allocation.rules.problems import Choice, Problem


@dataclass(frozen=True)
class Difference:
    """How much more (fen), half the width of its 95 % interval (None where no response that
    differs has one), and of how many differing partners the interval is not known."""

    more: int
    half: int | None
    unknown: int

    @property
    def low(self) -> int | None:
        return None if self.half is None else self.more - self.half

    @property
    def high(self) -> int | None:
        return None if self.half is None else self.more + self.half

    @property
    def is_beyond_noise(self) -> bool:
        """Whether the interval is known of all who differ, and lies on one side of nought."""
        return self.half is not None and not self.unknown and abs(self.more) > self.half


def difference(problem: Problem, ours: Choice, other: Choice) -> Difference:
    """This will reckon the difference of two splits partner by partner.

    Along the ends of a partner's interval the difference is d_low and d_high; its half width is
    |d_high - d_low| / 2. Errors of partners are taken as independent, so half widths add as the
    root of the sum of their squares.
    """
    more, squares, unknown, known = 0, 0, 0, 0
    for one, mine, theirs in zip(problem.partners, ours, other, strict=True):
        if mine == theirs:
            continue
        here, there = one.levels[mine], one.levels[theirs]
        more += here.effect - there.effect
        if here.low is None or here.high is None or there.low is None or there.high is None:
            unknown += 1
            continue
        known += 1
        squares += ((here.high - there.high) - (here.low - there.low)) ** 2
    return Difference(more, isqrt(squares) // 2 if known else None, unknown)
