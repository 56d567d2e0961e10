"""How far two readers of the same calls agree beyond chance."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

# Of fewer calls that two read, chance alone may say anything.
FEWEST_PAIRS = 10


@dataclass(frozen=True)
class Agreement:
    """Of so many calls, in how many both readers gave the same mark; and Cohen's kappa, None where
    there are too few, or where both gave one mark only, so that chance alone explains it."""

    pairs: int
    same: int
    kappa: float | None

    @property
    def is_told(self) -> bool:
        """Whether there are enough calls to say anything."""
        return self.pairs >= FEWEST_PAIRS

    @property
    def same_percent(self) -> float:
        return 100 * self.same / self.pairs if self.pairs else 0.0


def agreement(marks: Sequence[tuple[str, str]]) -> Agreement:
    """This will tell how far pairs of marks agree, each of the first and the second reader: Cohen's
    kappa, the agreement beyond what both readers' own shares of each mark bring by chance (Cohen,
    A coefficient of agreement for nominal scales, 1960)."""
    pairs, same = len(marks), sum(one == other for one, other in marks)
    if pairs < FEWEST_PAIRS:
        return Agreement(pairs, same, None)
    first = Counter(one for one, _other in marks)
    second = Counter(other for _one, other in marks)
    by_chance = sum(first[mark] * second[mark] for mark in first)
    if by_chance == pairs * pairs:
        return Agreement(pairs, same, None)
    # Of whole numbers as long as may be: (po - pe) / (1 - pe), each times the square of the pairs.
    return Agreement(pairs, same, (same * pairs - by_chance) / (pairs * pairs - by_chance))
