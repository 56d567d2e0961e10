"""How much wider an interval must be to hold at every look at once.

Whoever looks every day at an interval of 95 % and stops at the first one without nought raises a
false alarm far more often than in five of a hundred campaigns. A confidence sequence holds at all
looks together, however many there are and whenever they end.
"""

import math


def effective_size(reached: int, held: int) -> float:
    """This will return of how many persons a comparison of two sides tells as much: half the
    harmonic mean, nought where a side is empty."""
    return reached * held / (reached + held) if reached and held else 0.0


def widening(size: float, *, tuned: int, error: float) -> float:
    """This will return how many standard errors each way an interval reaches that holds at every
    look at once but for a chance of `error`, at a look of so much effective `size`; it is the
    narrowest for looks of about `tuned`. At nought nothing is excluded.

    The mixture of Robbins (Statistical methods related to the law of the iterated logarithm, Ann.
    Math. Statist. 41, 1970, 1397-1409) in its asymptotic form: Waudby-Smith, Arbour, Sinha, Kennedy
    and Ramdas, Time-uniform central limit theory and asymptotic confidence sequences, Ann. Statist.
    52, 2024, theorem 2.2 and, for the tuning, equation 2.11 of Howard, Ramdas, McAuliffe and
    Sekhon, Time-uniform, nonparametric, nonasymptotic confidence sequences, Ann. Statist. 49, 2021.
    """
    if size <= 0:
        return math.inf
    least = -2 * math.log(error)
    mixed = size * (least + math.log(least + 1)) / tuned
    return math.sqrt(2 * (mixed + 1) / mixed * math.log(math.sqrt(mixed + 1) / error))
