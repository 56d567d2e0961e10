"""How often a score comes by chance alone, and the score from which on it is an alarm."""

import bisect
import math

# By simulation (`benchmarks/declines.py --chance`): weeks without any change, normal and
# independent, looked at each Monday for a year as `scan` does; how many first passages of the
# score a merchant has in a year, either way alone.
SCORES = (2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0)
A_YEAR = (0.771, 0.415, 0.153, 0.040, 0.0077, 0.0010, 0.00014)
# One false alarm in some twelve merchant-years.
ALARM = 3.25


def false_alarms_a_year(score: float) -> float:
    """This will return how often a merchant without any change reaches a score, in a year; between
    and beyond what was simulated the logarithm goes on straight, as the tail of such a scan does
    nearly (Siegmund 1985, Sequential Analysis, chapter 11)."""
    height = abs(score)
    if height <= SCORES[0]:
        return A_YEAR[0]
    place = min(bisect.bisect_left(SCORES, height), len(SCORES) - 1)
    low, high = SCORES[place - 1], SCORES[place]
    first, last = math.log(A_YEAR[place - 1]), math.log(A_YEAR[place])
    return math.exp(first + (last - first) * (height - low) / (high - low))
