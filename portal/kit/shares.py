"""Shares and rare counts with their intervals, and the difference of two shares."""

import math
from dataclasses import dataclass, replace
from statistics import NormalDist

# Of the normal distribution: 95 of 100.
Z_95 = 1.959963984540054


@dataclass(frozen=True)
class Share:
    """So many of a whole, with Wilson's interval, usually at 95 %: where the true share lies, as
    far as the number of cases lets one say."""

    of: int
    whole: int
    z: float = Z_95

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
        square, whole = self.z * self.z, self.whole
        middle = (self.rate + square / (2 * whole)) / (1 + square / whole)
        spread = math.sqrt(self.rate * (1 - self.rate) / whole + square / (4 * whole * whole))
        half = self.z / (1 + square / whole) * spread
        # What rounding leaves beside the ends.
        low = 0.0 if self.of == 0 else max(0.0, middle - half)
        return low, 1.0 if self.of == whole else min(1.0, middle + half)


@dataclass(frozen=True)
class Difference:
    """How much higher one share is than another, and between what the true difference lies."""

    by: float
    low: float
    high: float

    @property
    def is_shown(self) -> bool:
        """Whether chance alone does not explain it."""
        return self.low > 0 or self.high < 0

    @property
    def in_points(self) -> tuple[float, float, float]:
        """The difference and its ends in points of a percentage."""
        return 100 * self.by, 100 * self.low, 100 * self.high


def difference(one: Share, other: Share, *, pairs: int = 1, z: float | None = None) -> Difference:
    """This will return the difference of two shares with Newcombe's interval (his method 10, made
    of both Wilson intervals) at 95 %, held for all of so many `pairs` together (Bonferroni), or of
    another width `z`."""
    if z is None:
        z = NormalDist().inv_cdf(1 - 0.025 / pairs) if pairs > 1 else Z_95
    one, other = replace(one, z=z), replace(other, z=z)
    by = one.rate - other.rate
    down = math.hypot(one.rate - one.low, other.high - other.rate)
    up = math.hypot(one.high - one.rate, other.rate - other.low)
    return Difference(by, by - down, by + up)


def bounds_of(count: int) -> tuple[float, float]:
    """This will return between what the expected number lies of which `count` came, at 95 %: that
    of a Poisson count by Byar's approximation (Breslow and Day, Statistical Methods in Cancer
    Research II, 1987, page 69)."""
    low = count * (1 - 1 / (9 * count) - Z_95 / (3 * math.sqrt(count))) ** 3 if count else 0.0
    more = count + 1
    return low, more * (1 - 1 / (9 * more) + Z_95 / (3 * math.sqrt(more))) ** 3
