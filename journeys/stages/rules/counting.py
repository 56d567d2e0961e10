"""The levels at which stages are counted, and how a customer's row becomes what is counted."""

import datetime as dt
from collections.abc import Iterable

from journeys.stages.enums import Breakdown, Reached

BRANCH, PRODUCT, MONTH = 1, 2, 4
BITS = {
    Breakdown.BRANCH.value: BRANCH, Breakdown.PRODUCT.value: PRODUCT, Breakdown.MONTH.value: MONTH,
}  # fmt: skip

# What each level tells apart, the coarsest first. Branch with month has so many groups that every
# file would write most of them anew: what asks for both is counted from the customers' own rows,
# found by the index of the branch or of the day of entry.
LEVELS = (0, PRODUCT, MONTH, BRANCH, PRODUCT + MONTH, BRANCH + PRODUCT)
NO_MONTH = dt.date(1, 1, 1)

# Beyond the steps that are reached: where those stand who applied and hold no card.
ENDED, APPROVED, SUPPLEMENTED = range(len(Reached), len(Reached) + 3)
STANDING = {ENDED: "ended", APPROVED: "approved", SUPPLEMENTED: "supplemented"}

_DAYS = [step.value for step in Reached]

# Of each row `r` of stages: the steps, whether reached, and the days since the one before: NULL
# where one of the two has no day of its own.
LEGS = (
    "CROSS JOIN LATERAL (VALUES (0, TRUE, 0), {reached}, {standing})"
    " AS leg (step, is_reached, days)"
).format(
    reached=", ".join(
        f"({number}, r.{day} IS NOT NULL,"
        f" CASE WHEN r.undated & {3 << number - 1} = 0 THEN r.{day} - r.{_DAYS[number - 1]} END)"
        for number, day in enumerate(_DAYS)
        if number
    ),
    standing=", ".join(f"({number}, r.step = '{step}', 0)" for number, step in STANDING.items()),
)


def level_for(told_apart: Iterable[str]) -> int | None:
    """This will return the coarsest level that tells all this apart; None where none does."""
    needed = 0
    for breakdown in told_apart:
        needed |= BITS[breakdown]
    return next((level for level in LEVELS if level & needed == needed), None)
