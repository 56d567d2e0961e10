"""What a scorecard pays for a month: attainment, points, CNY, exact to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from portal.kit import money

_HUNDRED = Decimal(100)
_POINT = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    """A measure of a scorecard, as it is paid by: weight (points at 100 % attainment), the goal of
    a month, below which attainment (%) nothing counts, above which no more, and what counts where
    nothing is known."""

    code: str
    name: str
    weight: Decimal
    goal: Decimal
    floor: Decimal
    cap: Decimal
    unknown: Decimal
    is_less_better: bool


@dataclass(frozen=True)
class Brought:
    """What one measure brought in a month. `attained` is what was reached of the goal (%), None
    where nothing is known; `counted` is what counts of it."""

    line: Line
    actual: Decimal | None
    goal: Decimal
    attained: Decimal | None
    counted: Decimal
    points: Decimal
    amount: Decimal

    @property
    def is_capped(self) -> bool:
        return self.attained is not None and self.attained > self.line.cap

    @property
    def is_below(self) -> bool:
        """Whether it stayed below the floor, and so brings nothing."""
        return self.attained is not None and self.attained < self.line.floor


@dataclass(frozen=True)
class Pay:
    """What all measures brought together."""

    lines: Sequence[Brought]

    @property
    def points(self) -> Decimal:
        return sum((one.points for one in self.lines), Decimal(0))

    @property
    def amount(self) -> Decimal:
        """The sum of what each brought, each exact to the cent."""
        return sum((one.amount for one in self.lines), Decimal(0))


def attained(actual: Decimal, goal: Decimal, *, is_less_better: bool) -> Decimal:
    """This will tell how much of a goal was reached, in %. Where less is better, as much below the
    goal counts as above it elsewhere: none of 4 is 200 %, 4 are 100 %, 8 are 0 %; of a goal of none
    only none is 100 %."""
    if is_less_better:
        if not goal:
            return _HUNDRED if not actual else Decimal(0)
        return max(Decimal(0), 2 * _HUNDRED - _HUNDRED * actual / goal)
    return _HUNDRED * actual / goal if goal else _HUNDRED


def brought(line: Line, actual: Decimal | None, goal: Decimal, *, point_value: Decimal) -> Brought:
    """This will tell what a measure brings: of its weight the counted attainment, rounded to
    hundredths of a point, times the value of a point (CNY), rounded to the cent."""
    reached = None if actual is None else attained(actual, goal, is_less_better=line.is_less_better)
    if reached is None:
        counted = line.unknown
    else:
        counted = Decimal(0) if reached < line.floor else min(reached, line.cap)
    points = (line.weight * counted / _HUNDRED).quantize(_POINT, rounding=ROUND_HALF_UP)
    return Brought(line, actual, goal, reached, counted, points, money.cents(points * point_value))


def pay(found: Sequence[Brought], *, is_at_work: bool) -> Pay:
    """This will sum up what measures brought; where nothing of a person's work is on record in the
    month, nothing is paid."""
    if is_at_work:
        return Pay(found)
    nothing = Decimal(0)
    return Pay([
        Brought(one.line, one.actual, one.goal, one.attained, nothing, nothing, nothing)
        for one in found
    ])  # fmt: skip


def statement(carried_in: Decimal, earned: Decimal, taken_back: Decimal) -> tuple[Decimal, Decimal]:
    """This will tell what is paid out for a month and what is carried over to the next one: a month
    never pays less than nothing, and what it lacks is carried over, below nought."""
    left = carried_in + earned + taken_back
    return (left, Decimal(0)) if left > 0 else (Decimal(0), left)
