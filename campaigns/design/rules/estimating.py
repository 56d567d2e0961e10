"""What a sample of spans says about the whole.

Spans of ids of one width are drawn by chance without replacement from all of them; what a span
holds counts for its share of the whole, so gaps between ids need no correction. Cochran, Sampling
Techniques (3rd ed.), sections 2.5 and 9.3: the variance between spans, with the finite population
correction. Where few were found, the normal margin is too narrow: it is then not taken for less
than that of a Poisson count, and none found means fewer than three (95 %).
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

_SURE = 1.96
_NONE_FOUND = 3.0


@dataclass(frozen=True)
class Estimate:
    """About how many, and by how much it may be off with a certainty of 95 %; 0 where exact."""

    number: int
    margin: int = 0

    @property
    def low(self) -> int:
        return max(0, self.number - self.margin)

    @property
    def high(self) -> int:
        return self.number + self.margin


def spans_in_turn(first: int, last: int, width: int, seed: int) -> list[tuple[int, int]]:
    """This will return all half-open spans of ids from `first` to `last` in an order of chance that
    the seed settles: two counts of one draft look at the same customers."""
    starts = list(range(first, last + 1, width))
    random.Random(seed).shuffle(starts)
    return [(start, start + width) for start in starts]


def estimate(found: Sequence[int], spans: int) -> Estimate:
    """This will estimate a total from what was found in each of the spans looked at, out of
    `spans` in all."""
    looked = len(found)
    if looked == spans:
        return Estimate(sum(found))
    scale = spans / looked
    total = sum(found)
    if total == 0:
        return Estimate(0, math.ceil(_NONE_FOUND * scale))
    mean = total / looked
    spread = sum((one - mean) ** 2 for one in found) / (looked - 1) if looked > 1 else 0.0
    between = spans * math.sqrt((1 - looked / spans) * spread / looked)
    poisson = scale * math.sqrt(total)
    return Estimate(round(total * scale), math.ceil(_SURE * max(between, poisson)))
