"""What a comparison can find: the power of intervals that hold at every look."""

import math
from statistics import NormalDist

from campaigns.effect.rules.sequences import widening

_NORMAL = NormalDist()
_MOST = 1_000_000_000


def power_of(*, difference: float, error: float, wide: float) -> float:
    """This will return how surely a true `difference` is found by the look at which the standard
    error is `error` and the interval reaches `wide` of them each way. Earlier looks find some
    besides, so that it is found at least that often."""
    if error <= 0:
        return 1.0 if difference else 0.0
    return _NORMAL.cdf(abs(difference) / error - wide)


def findable(*, error: float, wide: float, power: float) -> float:
    """This will return the difference that is found with this power at a standard error."""
    return (wide + _NORMAL.inv_cdf(power)) * error


def needed_people(
    *, base: float, difference: float, held_share: float, tuned: int, error: float, power: float
) -> int:
    """This will return how many persons both sides together need so that a share that is raised
    from `base` by `difference` (both of 1) is found with this power, where `held_share` of them is
    the control group."""
    raised = base + difference
    low, high = 2, _MOST
    while low < high:
        middle = (low + high) // 2
        held = middle * held_share
        reached = middle - held
        spread = math.sqrt(raised * (1 - raised) / reached + base * (1 - base) / held)
        wide = widening(reached * held / middle, tuned=tuned, error=error)
        if power_of(difference=difference, error=spread, wide=wide) >= power:
            high = middle
        else:
            low = middle + 1
    return low
