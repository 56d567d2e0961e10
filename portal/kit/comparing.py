"""Which of several variants is ahead: each two are compared, and chance is allowed for in all of
the comparisons together."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from portal.kit.shares import Difference, Share, difference

# Of fewer people in one of the variants nothing is said.
FEWEST_COMPARED = 100


@dataclass(frozen=True)
class Pair:
    """Two variants by their places, and the difference of their shares."""

    first: int
    second: int
    difference: Difference


@dataclass(frozen=True)
class Compared:
    """All pairs, and the place of the variant that is shown to be ahead of each other one; None
    where none is."""

    pairs: Sequence[Pair]
    winner: int | None


def compare(shares: Sequence[Share]) -> Compared:
    """This will compare shares with one another, each difference with an interval that holds for
    all of them together."""
    places = list(itertools.combinations(range(len(shares)), 2))
    pairs = [
        Pair(one, two, difference(shares[one], shares[two], pairs=len(places)))
        for one, two in places
    ]
    best = [
        place
        for place in range(len(shares))
        if len(shares) > 1 and all(_is_ahead(place, pair) for pair in pairs)
    ]
    return Compared(pairs, best[0] if best else None)


def _is_ahead(place: int, pair: Pair) -> bool:
    """Whether a variant is ahead in a pair; one that is not in it says nothing against it."""
    if place == pair.first:
        return pair.difference.low > 0
    return place != pair.second or pair.difference.high < 0
