"""Shares with their intervals, and which places they leave open."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

# Of the normal distribution: 95 of 100.
_Z = 1.959963984540054


@dataclass(frozen=True)
class Share:
    """So many of a whole, with Wilson's interval at 95 %: where the true share lies, as far as the
    number of cases lets one say."""

    of: int
    whole: int

    @property
    def rate(self) -> float:
        return self.of / self.whole if self.whole else 0.0

    @property
    def low(self) -> float:
        return self._bounds()[0]

    @property
    def high(self) -> float:
        return self._bounds()[1]

    @property
    def rate_percent(self) -> float:
        return 100 * self.rate

    @property
    def low_percent(self) -> float:
        return 100 * self.low

    @property
    def high_percent(self) -> float:
        return 100 * self.high

    def _bounds(self) -> tuple[float, float]:
        if not self.whole:
            return 0.0, 1.0
        square, whole = _Z * _Z, self.whole
        middle = (self.rate + square / (2 * whole)) / (1 + square / whole)
        spread = math.sqrt(self.rate * (1 - self.rate) / whole + square / (4 * whole * whole))
        half = _Z / (1 + square / whole) * spread
        # What rounding leaves beside the ends.
        low = 0.0 if self.of == 0 else max(0.0, middle - half)
        return low, 1.0 if self.of == whole else min(1.0, middle + half)


def places(shares: Sequence[Share]) -> list[tuple[int, int]]:
    """This will tell for each share from which to which place it may stand: those whose intervals
    overlap cannot be told apart, and share their places. (1, 1) is the first for certain."""
    return [
        (
            1 + sum(other.low > own.high for other in shares),
            len(shares) - sum(other.high < own.low for other in shares),
        )
        for own in shares
    ]
