"""What limits leave to be granted, and granting a day within them, in many futures at once."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from campaigns.budgets.enums import LimitKind
from campaigns.budgets.rules import CAMPAIGN, WHOLE, Key
from campaigns.liability.rules.fitting import Floats

NO_LIMIT = math.inf
_CENT = 0.01


@dataclass(frozen=True)
class Worth:
    """What rewards cost (CNY): `tiers` the most that one of each costs, from the lowest to the
    highest; `grain` the sum of which all costs are whole multiples; `least` the cheapest.
    With `is_highest` who finds a tier used up is given the one below it."""

    tiers: tuple[float, ...]
    grain: float
    least: float
    is_highest: bool


def worth_of_people(counts: Sequence[int], amounts: Floats, worth: Worth) -> Floats:
    """This will tell what so many people are worth (CNY) if they are given what others were: of
    these the amounts are known, by tier last."""
    by_tier = amounts.reshape(-1, amounts.shape[-1]).sum(axis=0)
    people = float((by_tier / np.array(worth.tiers)).sum())
    mean = float(by_tier.sum()) / people if people > 0 else worth.tiers[0]
    return np.array(counts, dtype=np.float64) * mean


def worth_of(cents: Sequence[int], *, is_measured: bool, is_highest: bool) -> Worth:
    """This will tell what rewards cost from the values of tiers in cents; where some follow what
    was spent (`is_measured`), any cent may come."""
    grain = 1 if is_measured else math.gcd(*cents)
    least = 1 if is_measured else min(cents)
    values = tuple(one / 100 for one in cents)
    return Worth(values, grain / 100, least / 100, is_highest)


@dataclass(frozen=True)
class Room:
    """What may still be granted (CNY): in all, on each day, by each limited branch with a mark for
    every branch that comes under it, and of each tier. `today` was granted today already."""

    whole: float
    per_day: float
    branches: tuple[tuple[npt.NDArray[np.bool_], float], ...]
    tiers: tuple[float, ...]
    today: float = 0.0

    def is_used_up(self, worth: Worth) -> bool:
        """This will tell whether nothing fits any more."""
        tiers = zip(self.tiers, worth.tiers, strict=True)
        return self.whole < worth.least or all(
            left < (value if worth.least > _CENT else _CENT) for left, value in tiers
        )

    @property
    def at_most(self) -> float | None:
        """The most that can still be granted; None where nothing bounds it."""
        found = min(self.whole, sum(self.tiers))
        return None if math.isinf(found) else max(found, 0.0)


def room_of(
    planned: Mapping[Key, float | None],
    used: Mapping[Key, float],
    *,
    codes: Sequence[str],
    values: Sequence[float],
    lines: Sequence[Sequence[int]],
    weights: Mapping[str, int],
    per_day: float | None,
    today: float = 0.0,
) -> Room:
    """This will reckon what limits leave. `planned` and `used` are in CNY, of stocks in units;
    `codes` and `values` those of the tiers, `lines` each branch with those above it, `weights` the
    parties' shares: a party whose share is used up ends the campaign."""

    def left(key: Key) -> float:
        most = planned.get(key)
        return NO_LIMIT if most is None else max(most - used.get(key, 0.0), 0.0)

    shares = [
        (left((LimitKind.PARTY.value, party)) + _CENT) * WHOLE / weight
        for party, weight in weights.items()
    ]
    tiers = tuple(
        min(left((LimitKind.STOCK.value, code)) * value, left((LimitKind.TIER.value, code)))
        for code, value in zip(codes, values, strict=True)
    )
    limited = [int(key) for kind, key in planned if kind == LimitKind.BRANCH]
    branches = tuple(
        (
            np.array([branch in line for line in lines], dtype=np.bool_),
            left((LimitKind.BRANCH.value, str(branch))),
        )
        for branch in limited
    )
    whole = min([left(CAMPAIGN), *(share for share in shares if len(weights) > 1)])
    return Room(whole, NO_LIMIT if per_day is None else per_day, branches, tiers, today)


@dataclass
class Purses:
    """What is left in each of many futures. A limit ends where the next whole reward does not fit:
    which one that is differs from future to future, where rewards are of several sizes."""

    worth: Worth
    whole: Floats
    per_day: Floats
    branches: list[tuple[npt.NDArray[np.bool_], Floats]]
    tiers: Floats
    waiting: Floats = field(repr=False)

    @classmethod
    def of(cls, room: Room, worth: Worth, shape: tuple[int, int, int], rng: np.random.Generator
           ) -> "Purses":  # fmt: skip
        """This will fill the purses of so many futures, branches and tiers (`shape`)."""

        def whole(left: float) -> Floats:
            if math.isinf(left):
                return np.full(shape[0], NO_LIMIT)
            fits = math.floor(left / worth.grain + 1e-6)
            short = rng.integers(0, max(round(worth.least / worth.grain), 1), shape[0])
            return np.maximum(fits - short, 0) * worth.grain

        tiers = np.tile(np.array(room.tiers), (shape[0], 1))
        branches = [(marks, whole(left)) for marks, left in room.branches]
        return cls(
            worth, whole(room.whole), whole(room.per_day), branches, tiers, np.zeros(shape)
        )  # fmt: skip

    def grant(self, wanted: Floats, *, already: float = 0.0) -> Floats:
        """This will grant what is wanted on a day, by future, branch and tier, as far as limits
        allow, and what waited before it; `already` was granted of the day's limit."""
        wanted = self._of_tiers(wanted + self.waiting)
        given = wanted.copy()
        for marks, left in self.branches:
            given[:, marks] *= _part(left, given[:, marks].sum(axis=(1, 2)))[:, None, None]
        day = np.maximum(self.per_day - already, 0.0)
        given *= _part(np.minimum(day, self.whole), given.sum(axis=(1, 2)))[:, None, None]
        self.waiting = wanted - given
        self.whole = self.whole - given.sum(axis=(1, 2))
        self.tiers = self.tiers - given.sum(axis=1)
        for _marks, left in self.branches:
            left -= given[:, _marks].sum(axis=(1, 2))
        return given

    def _of_tiers(self, wanted: Floats) -> Floats:
        """What is wanted of tiers that are not used up: for the rest of it, where the highest
        counts, the tier below is wanted; otherwise nothing is."""
        wanted = wanted.copy()
        for tier in reversed(range(wanted.shape[2])):
            kept = _part(self.tiers[:, tier], wanted[:, :, tier].sum(axis=1))[:, None]
            rest = wanted[:, :, tier] * (1 - kept)
            wanted[:, :, tier] -= rest
            if self.worth.is_highest and tier:
                lower = self.worth.tiers[tier - 1] / self.worth.tiers[tier]
                wanted[:, :, tier - 1] += rest * lower
        return wanted


def _part(left: Floats, wanted: Floats) -> Floats:
    """Which part of what is wanted is left."""
    left = np.minimum(np.maximum(left, 0.0), wanted)
    return np.divide(left, wanted, out=np.ones_like(wanted), where=wanted > 0)
