"""What money brings at a partner: a concave response, and the levels read from it.

All money is in fen, as whole numbers; what money brings is additional card turnover, in fen too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

MOST_LEVELS = 60


@dataclass(frozen=True)
class Level:
    """What an amount brings, and between what it lies with 95 % where that is known."""

    amount: int
    effect: int
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class Curve:
    """effect(x) = ceiling * x / (x + half): rises ever more slowly from 0 towards `ceiling`;
    `half` is the amount that brings half of it. A hyperbola as in Michaelis and Menten (1913), the
    simplest curve that is concave, begins at nought, and has two numbers that people can judge."""

    ceiling: int
    half: Fraction

    def effect(self, amount: int) -> int:
        """This will return what an amount brings, rounded down to the fen."""
        return int(self.ceiling * amount / (amount + self.half)) if amount else 0


def through(*, ceiling: int, spent: int, effect: int) -> Curve:
    """This will lay the curve with a ceiling through what a past campaign brought for what was
    spent: half = spent * (ceiling / effect - 1), where 0 < effect < ceiling."""
    return Curve(ceiling, Fraction(spent) * (Fraction(ceiling, effect) - 1))


def amounts(*, least: int, most: int, step: int) -> list[int]:
    """This will list what a partner can be given: the floor, then step by step up to its cap, the
    cap itself included."""
    found = list(range(least, most + 1, step))[:MOST_LEVELS]
    return found if found[-1] == most or len(found) == MOST_LEVELS else [*found, most]


def levels_on(
    wanted: Sequence[int], curve: Curve, low: Curve | None = None, high: Curve | None = None
) -> list[Level]:
    """This will read the levels of these amounts from a curve, and from those at the ends of its
    interval where they are known."""
    return [
        Level(
            amount, curve.effect(amount), low.effect(amount) if low else None,
            high.effect(amount) if high else None,
        )
        for amount in wanted
    ]  # fmt: skip


def per_yuan(first: Level, second: Level) -> float | None:
    """This will return what one CNY more brings on the way from a level to a higher one, in CNY
    of turnover; None where the amounts are the same."""
    money = second.amount - first.amount
    return (second.effect - first.effect) / money if money else None
