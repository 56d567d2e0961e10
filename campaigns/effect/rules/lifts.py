"""Two sides compared: lifts with intervals that hold at every look, and what they cost.

A share is a `Share` of the side's people, a sum of money a `Side` (people, payers, amount, squares)
of `campaigns.partners.rules`, whose Welch error is used here too. Shares are compared by Newcombe's
interval (his method 10, of two Wilson intervals), sums by Welch's on the means. Means of spending
have heavy tails: the same with each person's sum capped at a fixed amount stands beside as a check.
"""

import math
from dataclasses import dataclass
from decimal import Decimal

from campaigns.effect.enums import Finding, Known
from campaigns.effect.rules import power
from campaigns.effect.rules.sequences import effective_size, widening
from campaigns.partners.rules import Side, gain
from portal.kit import comparing, fewest
from portal.kit.shares import Z_95, Share, difference

Arm = Share | Side


@dataclass(frozen=True)
class Terms:
    """How is compared: at least `fewest` people on a side; intervals hold at every look but for a
    chance of `error`, narrowest about `tuned`; what is `power`-surely found is told."""

    fewest: int
    tuned: int
    error: float = 0.05
    power: float = 0.8


# How files of other systems are told where the bank has set no rule of its own: the fewest of
# `portal.kit.comparing`, for single looks; and the cap (CNY) of the check of amounts.
HOUSE = Terms(fewest=comparing.FEWEST_COMPARED, tuned=2_000)
HOUSE_CAP = Decimal(20_000)


@dataclass(frozen=True)
class Range:
    """A value, and between what the true one lies."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Lift:
    """How much more the side that a campaign was for has: `by` with its interval that holds at
    every look, `once` as it would be if this were the only look (95 %), `relative` to the control
    group (of 1; None where that has nothing), and the standard error."""

    by: Range
    once: Range
    relative: Range | None
    error: float

    @property
    def finding(self) -> Finding:
        if self.by.low > 0:
            return Finding.MORE
        return Finding.LESS if self.by.high < 0 else Finding.OPEN


@dataclass(frozen=True)
class Told:
    """What is known of a measure: both sides with their rate or mean, the lift where they can be
    compared, the difference that so many people find with the power of the terms, and how many of
    the smaller side there are where there are not enough."""

    known: Known
    reached: float | None
    held: float | None
    reached_people: int
    held_people: int
    lift: Lift | None = None
    findable: float | None = None

    @property
    def is_compared(self) -> bool:
        return self.known == Known.COMPARED

    @property
    def is_short(self) -> bool:
        """Whether there are too few people on a side."""
        return self.known == Known.NOT_ENOUGH

    @property
    def smaller(self) -> int:
        return min(self.reached_people, self.held_people)


@dataclass(frozen=True)
class Extra:
    """What an extra active card costs (CNY), and how many there are; None at an end that chance
    leaves open."""

    cards: Range
    value: float | None
    low: float | None
    high: float | None


def tell(reached: Arm, held: Arm, terms: Terms, *, has_control: bool, is_as_drawn: bool) -> Told:
    """This will compare two sides, or say why they cannot be. Where fewer than five on a side did
    something, or all but so few, a figure would tell of single persons."""
    one, other = people_of(reached), people_of(held)
    values = (value_of(reached), value_of(held))
    known = _known(reached, held, terms, has_control=has_control, is_as_drawn=is_as_drawn)
    if known != Known.COMPARED:
        return Told(known, None, None, one, other)
    found = lift(reached, held, terms)
    wide = widening(effective_size(one, other), tuned=terms.tuned, error=terms.error)
    least = power.findable(error=found.error, wide=wide, power=terms.power)
    return Told(known, *values, one, other, found, least)


def _known(reached: Arm, held: Arm, terms: Terms, *, has_control: bool, is_as_drawn: bool) -> Known:
    if not has_control:
        return Known.NO_CONTROL
    if min(people_of(reached), people_of(held)) < terms.fewest:
        return Known.NOT_ENOUGH
    if not is_as_drawn:
        return Known.NOT_AS_DRAWN
    cases = (_cases(reached), _cases(held))
    rest = (people_of(reached) - cases[0], people_of(held) - cases[1])
    is_alone = any(fewest.is_few(one) for one in (*cases, *rest))
    return Known.TOO_RARE if is_alone or sum(cases) < fewest.FEWEST else Known.COMPARED


def lift(reached: Arm, held: Arm, terms: Terms) -> Lift:
    """This will compare two sides of a kind that each have people, whatever their number."""
    one, other = people_of(reached), people_of(held)
    wide = widening(effective_size(one, other), tuned=terms.tuned, error=terms.error)
    if isinstance(reached, Share) and isinstance(held, Share):
        spread = math.sqrt(
            sum(side.rate * (1 - side.rate) / side.whole for side in (reached, held))
        )
        always, once = (_of_shares(reached, held, z) for z in (wide, Z_95))
    else:
        reached, held = _side(reached), _side(held)
        found = gain(reached, held)
        spread = float(found.error)
        always, once = (_around(float(found.difference), z * spread) for z in (wide, Z_95))
    # Rounding leaves no narrower interval around a wider one.
    low, high = min(always.low, once.low), max(always.high, once.high)
    return Lift(Range(always.value, low, high), once, _relative(reached, held, wide), spread)


def _side(arm: Arm) -> Side:
    if isinstance(arm, Share):
        raise TypeError("Both sides are of one kind: a share and a sum are not compared.")
    return arm


def _of_shares(reached: Share, held: Share, z: float) -> Range:
    found = difference(reached, held, z=z)
    return Range(found.by, found.low, found.high)


def _around(value: float, half: float) -> Range:
    return Range(value, value - half, value + half)


def _relative(reached: Arm, held: Arm, wide: float) -> Range | None:
    """The ratio of both less one, its interval by the logarithm (Katz, Baptista, Azen and Pike,
    Obtaining confidence intervals for the risk ratio in cohort studies, Biometrics 34, 1978)."""
    one, other = value_of(reached), value_of(held)
    if one <= 0 or other <= 0:
        return None
    ratio = one / other
    half = wide * math.sqrt(_variance(reached) / (one * one) + _variance(held) / (other * other))
    # Beyond what a float holds nothing is excluded.
    far = math.exp(min(half, 700.0))
    return Range(ratio - 1, ratio / far - 1, ratio * far - 1)


def extra_cost(*, cost: Decimal, people: int, found: Lift) -> Extra | None:
    """This will say what an extra active card cost: what the campaign cost for each of the people
    it was for, divided by the lift of cards in use. None where it was for nobody."""
    if not people:
        return None
    by, each = found.by, float(cost) / people
    cards = Range(by.value * people, by.low * people, by.high * people)
    return Extra(cards, *(_per(each, share) for share in (by.value, by.high, by.low)))


def _per(each: float, share: float) -> float | None:
    return each / share if share > 0 else None


def people_of(arm: Arm) -> int:
    """This will return how many persons a side has."""
    return arm.whole if isinstance(arm, Share) else arm.people


def value_of(arm: Arm) -> float:
    """This will return the rate of a share, the mean of a sum; nought of nobody."""
    if isinstance(arm, Share):
        return arm.rate
    return float(arm.mean) if arm.people else 0.0


def _cases(arm: Arm) -> int:
    return arm.of if isinstance(arm, Share) else arm.payers


def _variance(arm: Arm) -> float:
    """The variance of the rate or the mean."""
    if isinstance(arm, Share):
        return arm.rate * (1 - arm.rate) / arm.whole
    return float(arm.variance) / arm.people
