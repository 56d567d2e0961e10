"""What came of hours at posts: rates with intervals, and what an active card cost."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from merchants.posts.enums import CostUnit
from portal.kit import shares

# Below so many hours, or so many applications, a place among others would be chance.
LEAST_HOURS, LEAST_WON = 20.0, 5


@dataclass(frozen=True)
class Tariff:
    """What a post costs from a day on."""

    first_date: dt.date
    amount: Decimal
    unit: str


@dataclass(frozen=True)
class Stood:
    """A day on which a post stood: the hours of all who did, check-in to check-out."""

    day: dt.date
    hours: float


@dataclass(frozen=True)
class Figures:
    """So many of something in so many hours, with an interval of 95 % for the rate an hour."""

    count: int
    hours: float

    @property
    def rate(self) -> float | None:
        return self.count / self.hours if self.hours else None

    @property
    def low(self) -> float:
        return shares.bounds_of(self.count)[0] / self.hours if self.hours else 0.0

    @property
    def high(self) -> float:
        return shares.bounds_of(self.count)[1] / self.hours if self.hours else math.inf

    @property
    def fewest(self) -> float:
        """The least count that the interval holds."""
        return shares.bounds_of(self.count)[0]

    @property
    def most(self) -> float:
        """The greatest count that the interval holds."""
        return shares.bounds_of(self.count)[1]


@dataclass(frozen=True)
class Result:
    """What a post, or a merchant's posts in a scenario, brought: `won` by kind as the bank's own
    records say, `said` as the people there counted. `cost` is None where it is not known."""

    key: int | tuple[int, str]
    hours: float
    shifts: int = 0
    late: int = 0
    missed: int = 0
    won: Mapping[str, int] = field(default_factory=dict)
    said: Mapping[str, int] = field(default_factory=dict)
    cost: Decimal | None = None

    @property
    def leads(self) -> Figures:
        return Figures(self.won.get("lead", 0), self.hours)

    @property
    def applications(self) -> Figures:
        return Figures(self.won.get("application", 0), self.hours)

    @property
    def activations(self) -> Figures:
        return Figures(self.won.get("activation", 0), self.hours)

    @property
    def active(self) -> Figures:
        return Figures(self.won.get("active", 0), self.hours)

    @property
    def is_empty(self) -> bool:
        """Whether nobody stood there or failed to, and nothing was won."""
        return not (self.shifts or self.missed or sum(self.won.values()))

    @property
    def is_ranked(self) -> bool:
        """Whether there is enough of it to say which place it has."""
        return self.hours >= LEAST_HOURS and self.applications.count >= LEAST_WON

    @property
    def cost_per_active(self) -> Decimal | None:
        """CNY for a card in use; None where the cost is not known, where nobody stood there, which
        cost nothing and won nothing, or where no card is in use."""
        if self.cost is None or not self.hours or not self.active.count:
            return None
        return self.cost / self.active.count

    @property
    def cost_bounds(self) -> tuple[Decimal, Decimal] | None:
        """Between what an active card may cost, as far as their number lets one say; None where
        the cost is not known or the number says nothing."""
        if self.cost_per_active is None or self.cost is None:
            return None
        most, fewest = Decimal(str(self.active.most)), Decimal(str(self.active.fewest))
        return self.cost / most, self.cost / fewest


def cost_of(days: Sequence[Stood], tariffs: Sequence[Tariff]) -> Decimal | None:
    """This will add up what days at a post cost, each by the tariff in force; None where there is
    none for a day."""
    total = Decimal(0)
    for one in days:
        known = [tariff for tariff in tariffs if tariff.first_date <= one.day]
        if not known:
            return None
        tariff = max(known, key=lambda row: row.first_date)
        times = Decimal(str(round(one.hours, 4))) if tariff.unit == CostUnit.HOUR else Decimal(1)
        total += tariff.amount * times
    return total.quantize(Decimal("0.01"))


def by_rate(rows: Sequence[Result]) -> list[tuple[Result, tuple[int, int] | None]]:
    """This will order results by applications an hour, each with the places it may have: from which
    to which, for those whose intervals overlap share theirs. Small numbers come last, without a
    place."""
    ranked = sorted(
        (row for row in rows if row.is_ranked), key=lambda row: -(row.applications.rate or 0)
    )
    found: list[tuple[Result, tuple[int, int] | None]] = []
    for own in ranked:
        above = sum(other.applications.low > own.applications.high for other in ranked)
        below = sum(other.applications.high < own.applications.low for other in ranked)
        found.append((own, (1 + above, len(ranked) - below)))
    few = (row for row in rows if not row.is_ranked)
    return found + [(row, None) for row in sorted(few, key=lambda row: -row.hours)]
