"""Whether the two sides are as large as the draw would have them."""

import math
from dataclasses import dataclass

# A split that chance alone would bring once in a thousand draws is none of the draw's; the same
# bound as `campaigns.partners.rules`.
LEAST_CHANCE = 0.001


@dataclass(frozen=True)
class Drawn:
    """The sides beside what a draw of `percent` would bring: chi-square with one degree of freedom,
    and how often chance alone brings as much (p)."""

    percent: float
    reached: int
    held: int
    chi_square: float
    chance: float

    @property
    def expected(self) -> float:
        """How many a draw would leave out on average."""
        return (self.reached + self.held) * self.percent / 100

    @property
    def is_as_drawn(self) -> bool:
        return self.chance >= LEAST_CHANCE


def drawn(*, reached: int, held: int, percent: float) -> Drawn:
    """This will hold the sizes of two sides against a draw of `percent` of all (Pearson's
    chi-square, the test of a sample ratio mismatch). Raises nothing: nobody is as drawn."""
    people = reached + held
    expected = people * percent / 100
    if not people or not 0 < expected < people:
        fits = held == round(expected)
        return Drawn(percent, reached, held, 0.0 if fits else math.inf, 1.0 if fits else 0.0)
    chi = (held - expected) ** 2 / expected + (held - expected) ** 2 / (people - expected)
    return Drawn(percent, reached, held, chi, math.erfc(math.sqrt(chi / 2)))
