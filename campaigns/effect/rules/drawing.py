"""Whether the two sides are as large as the draw would have them."""

import math
from dataclasses import dataclass

# What a draw brings at any of its looks in fewer than one of a thousand campaigns is none of the
# draw's; the same bound as `campaigns.partners.rules`, which looks once.
LEAST_CHANCE = 0.001
# How far apart the true share and that of the draw may be, before anything is known: as if it had
# been seen with so many persons. It tells which deviations are found soonest (some points).
_KNOWN = 100


@dataclass(frozen=True)
class Drawn:
    """The sides beside what a draw of `percent` would bring: chi-square with one degree of freedom,
    as one knows it, and in at most which share of campaigns chance alone brings as much at any
    look (`chance`)."""

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
    """This will hold the sizes of two sides against a draw of `percent` of all, however often one
    looks as they grow: the likelihood of the sizes under shares around that of the draw (a beta
    distribution), divided by that under the draw. By Ville's inequality a draw brings a ratio of
    1/a at any look with a chance of at most a (Lindon and Malek, Anytime-valid inference for
    multinomial count data, NeurIPS 2022). Raises nothing: nobody is as drawn."""
    people, share = reached + held, percent / 100
    expected = people * share
    if not people or not 0 < expected < people:
        fits = held == round(expected)
        return Drawn(percent, reached, held, 0.0 if fits else math.inf, 1.0 if fits else 0.0)
    chi = (held - expected) ** 2 / expected + (held - expected) ** 2 / (people - expected)
    left_out, kept = _KNOWN * share, _KNOWN * (1 - share)
    ratio = (
        _log_beta(left_out + held, kept + reached) - _log_beta(left_out, kept)
        - held * math.log(share) - reached * math.log1p(-share)
    )  # fmt: skip
    return Drawn(percent, reached, held, chi, math.exp(-max(ratio, 0.0)))


def _log_beta(one: float, other: float) -> float:
    return math.lgamma(one) + math.lgamma(other) - math.lgamma(one + other)
