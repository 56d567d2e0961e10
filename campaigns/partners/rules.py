"""What a joint campaign brought about at a partner: those it was for against those it left out."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from portal.kit import fewest, money
from portal.kit.shares import Z_95, Share

# Of fewer persons on one side nothing is said: the interval rests on the sums being normal.
FEWEST_COMPARED = 100
# A split that chance alone would bring once in a thousand draws is none of the draw's.
_Z_DRAWN = 3.29
_ALL = Decimal(100)


@dataclass(frozen=True)
class Side:
    """The persons of one side, how many of them paid at the partner, what all of them paid there
    (CNY, net of refunds), and the sum of the squares of what each paid."""

    people: int
    payers: int = 0
    amount: Decimal = Decimal(0)
    squares: Decimal = Decimal(0)

    @property
    def mean(self) -> Decimal:
        return self.amount / self.people

    @property
    def variance(self) -> Decimal:
        """The variance of what a person paid, as far as these tell (divided by one less)."""
        around = self.squares - self.amount * self.amount / self.people
        return max(around, Decimal(0)) / (self.people - 1)


class Known(StrEnum):
    """Whether the two sides can be compared."""

    NO_CONTROL = "no_control"
    NOT_ENOUGH = "not_enough"
    NOT_AS_DRAWN = "not_as_drawn"
    COMPARED = "compared"


@dataclass(frozen=True)
class Span:
    """An amount (CNY), and between what the true one lies at 95 %."""

    value: Decimal
    low: Decimal
    high: Decimal

    @property
    def is_shown(self) -> bool:
        """Whether chance alone does not explain it."""
        return self.low > 0 or self.high < 0

    def times(self, factor: Decimal) -> "Span":
        """This will return the amount so many times; `factor` is not below zero."""
        low, value, high = (money.cents(one * factor) for one in (self.low, self.value, self.high))
        return Span(value, low, high)


@dataclass(frozen=True)
class Gain:
    """How much more each of those whom a campaign was for paid at the partner than those it left
    out, with the standard error, and how many they are."""

    difference: Decimal
    error: Decimal
    people: int

    @property
    def per_head(self) -> Span:
        return _span(self.difference, self.error)

    @property
    def extra(self) -> Span:
        """The extra turnover of all of them together."""
        return _span(self.difference * self.people, self.error * self.people)


def known_of(*, control_percent: int, reached: Side, held: Side) -> Known:
    """This will tell whether the sides can be compared. Where a few paid on one of them, its mean
    would tell of single persons; where hardly anybody paid on either, the interval would be a
    certainty that nobody has. Where the sides are not as large as the draw would have them, they
    differ by more than the draw: messages brought some to qualify, or the share was changed."""
    if control_percent == 0 and held.people == 0:
        return Known.NO_CONTROL
    few = min(reached.people, held.people) < FEWEST_COMPARED
    alone = fewest.is_few(reached.payers) or fewest.is_few(held.payers)
    if few or alone or reached.payers + held.payers < fewest.FEWEST:
        return Known.NOT_ENOUGH
    drawn = Share(held.people, reached.people + held.people, z=_Z_DRAWN)
    if not drawn.low <= control_percent / 100 <= drawn.high:
        return Known.NOT_AS_DRAWN
    return Known.COMPARED


def gain(reached: Side, held: Side) -> Gain:
    """This will compare two sides of unequal size and spread: the difference of their means with
    the standard error of Welch (The generalization of "Student's" problem when several different
    population variances are involved, Biometrika 34, 1947, 28-35). With a hundred persons on each
    side at least, the normal distribution stands for his."""
    error = reached.variance / reached.people + held.variance / held.people
    return Gain(reached.mean - held.mean, error.sqrt(), reached.people)


def together(gains: Iterable[Gain]) -> Span:
    """This will add up the extra turnover of campaigns, whose draws are apart from one another."""
    rows = list(gains)
    value = sum((row.difference * row.people for row in rows), Decimal(0))
    errors = [float(row.error) * row.people for row in rows]
    return _span(value, Decimal(str(math.hypot(*errors))))


def returned(extra: Span, income_percent: Decimal | None) -> Span | None:
    """This will return what the bank earns by extra turnover; None where its income of a turnover
    is not known."""
    return None if income_percent is None else extra.times(income_percent / _ALL)


def _span(value: Decimal, error: Decimal) -> Span:
    half = Decimal(str(Z_95)) * error
    return Span(money.cents(value), money.cents(value - half), money.cents(value + half))
