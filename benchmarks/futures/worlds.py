"""Random campaigns whose future is planted: the method sees the first days alone, and is held
against what was then granted person by person, in plain whole cents, within the same limits.

Nothing here is shared with what forecasts but the values that it is asked with.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from campaigns.liability import rules

OPENED = dt.date(2026, 1, 1)
_SHORTEST, _LONGEST = 14, rules.MOST_DAYS
_VALUES = ((1_000,), (1_000, 3_000), (333, 777))  # cents, of the tiers
Rng = np.random.Generator


@dataclass(frozen=True)
class World:
    """A campaign as it is known, and what it granted afterwards (CNY), in all and by branch."""

    known: rules.Known
    asked: rules.Asked
    room: rules.Room
    worth: rules.Worth
    whole: float
    branches: tuple[float, ...]


@dataclass
class Limits:
    """What is left, in cents: None where nothing bounds it."""

    whole: int | None = None
    per_day: int | None = None
    branches: dict[int, int] = field(default_factory=dict)
    stocks: dict[int, int] = field(default_factory=dict)


Expected = Callable[[Rng, int], rules.Floats]


def _constant(_rng: Rng, days: int) -> rules.Floats:
    return np.ones(days)


def _trend(rng: Rng, days: int) -> rules.Floats:
    """Up to one and a half times as much, or down to half, over all of its days."""
    return np.linspace(1.0, rng.uniform(0.5, 1.5), days)


def _weekend(rng: Rng, days: int) -> rules.Floats:
    weekdays = np.array([(OPENED + dt.timedelta(days=day)).weekday() for day in range(days)])
    return np.where(weekdays >= 5, rng.uniform(2.0, 4.0), 1.0)


def _burst(rng: Rng, days: int) -> rules.Floats:
    """The first days bring several times as much."""
    return 1 + rng.uniform(2.0, 8.0) * np.exp(-np.arange(days) / rng.uniform(2.0, 8.0))


def _clustered(rng: Rng, days: int) -> rules.Floats:
    """Good days follow good ones."""
    common, spread = 0.5, 0.25
    found = [float(rng.normal(0, spread))]
    for _day in range(days - 1):
        found.append(common * found[-1] + float(rng.normal(0, spread * np.sqrt(1 - common**2))))
    return np.exp(np.array(found))


# Of the first ones no limit ends within the days: there the interval may be neither too narrow nor
# too wide. Where a limit ends the truth is often known to the cent, and lies inside.
FREE: dict[str, Expected] = {
    "constant": _constant, "trend": _trend, "weekend": _weekend, "burst": _burst,
    "clustered": _clustered,
}  # fmt: skip
LIMITED = ("ends early", "day limit", "branch limit", "stock")


def make_world(shape: str, seed: int) -> World:
    """This will make a world of a shape; the same for the same seed."""
    rng = np.random.default_rng([seed, *map(ord, shape)])
    count = int(rng.integers(_SHORTEST, _LONGEST + 1))
    ahead = int(rng.integers(7, 2 * count + 1))
    expected = FREE.get(shape) or FREE[str(rng.choice(list(FREE)))]
    level = float(np.exp(rng.uniform(np.log(4), np.log(80))))
    wanted = level * expected(rng, 1 + count + ahead)
    wanted[0] *= rng.uniform(3, 30)  # who had come to qualify before it opened
    cents = _VALUES[int(rng.integers(len(_VALUES)))]
    people = _people(wanted, len(cents), rng)
    limits = _limits(shape, people, cents, count, rng)
    return _seen(people, cents, limits, count)


People = list[list[tuple[int, int]]]  # of each day: the branch and the tier of each person
Given = dict[tuple[int, int], int]  # of a day: cents by branch and tier


def _people(wanted: rules.Floats, tiers: int, rng: Rng) -> People:
    branches = int(rng.integers(2, 7))
    shares = rng.dirichlet(np.full(branches, 3.0))
    highest = rng.uniform(0.1, 0.5)
    uneven = rng.uniform(0.05, 0.5) ** 2  # the variance of a day beyond chance
    counts = rng.poisson(wanted * rng.gamma(1 / uneven, uneven, len(wanted)))
    return [
        list(zip(
            rng.choice(branches, count, p=shares).tolist(),
            (rng.random(count) < highest).astype(int).tolist() if tiers > 1 else [0] * count,
            strict=True,
        ))
        for count in counts
    ]  # fmt: skip


def _limits(shape: str, people: People, cents: tuple[int, ...], count: int, rng: Rng) -> Limits:
    """Limits that end somewhere in the days to come, or a little after them."""
    days = [sum(cents[tier] for _branch, tier in day) for day in people]
    until = sum(days[: count + 1]) + int(rng.uniform(0.1, 1.2) * sum(days[count + 1 :]))
    limits = Limits()
    if shape == "ends early":
        limits.whole = until
    elif shape == "day limit":
        limits.per_day = int(rng.uniform(0.8, 1.4) * float(np.mean(days[1:]))) + max(cents)
    elif shape == "branch limit":
        share = sum(cents[tier] for day in people for branch, tier in day if not branch)
        limits.branches = {0: int(until * share / max(sum(days), 1))}
    elif shape == "stock":
        last = len(cents) - 1
        units = [sum(tier == last for _branch, tier in day) for day in people]
        ahead = sum(units[count + 1 :])
        limits.stocks = {last: sum(units[: count + 1]) + int(rng.uniform(0.1, 1.2) * ahead)}
    return limits


@dataclass
class Desk:
    """Grants to one person after another, in whole cents, as far as limits reach."""

    cents: tuple[int, ...]
    limits: Limits
    of_day: int | None = None

    def serve(self, branch: int, reached: int) -> int | None:
        """This will grant a tier, of a stock that is used up the one below: which it was, None
        where nothing fits any more."""
        tier = reached - 1 if reached and self.limits.stocks.get(reached) == 0 else reached
        cost, limits = self.cents[tier], self.limits
        lefts = (limits.whole, limits.branches.get(branch))
        if limits.stocks.get(tier) == 0 or any(one is not None and cost > one for one in lefts):
            return None
        if self.of_day is not None and cost > self.of_day:
            raise NotToday
        self._take(branch, tier, cost)
        return tier

    def _take(self, branch: int, tier: int, cost: int) -> None:
        limits = self.limits
        limits.whole = None if limits.whole is None else limits.whole - cost
        self.of_day = None if self.of_day is None else self.of_day - cost
        if branch in limits.branches:
            limits.branches[branch] -= cost
        if tier in limits.stocks:
            limits.stocks[tier] -= 1


class NotToday(Exception):
    """Raised where the limit of the day alone refuses."""


def _granted(
    people: People, cents: tuple[int, ...], limits: Limits
) -> tuple[list[Given], list[int]]:
    """What each day grants, and how many wait after it: first come, first served; whom the limit of
    a day refused asks again on the next, before all others."""
    left = Limits(limits.whole, None, dict(limits.branches), dict(limits.stocks))
    desk, found = Desk(cents, left), []
    again: list[tuple[int, int]] = []
    waiting: list[int] = []
    for day in people:
        given: Given = {}
        desk.of_day, asked, again = limits.per_day, [*again, *day], []
        for branch, reached in asked:
            try:
                tier = desk.serve(branch, reached)
            except NotToday:
                again.append((branch, reached))
                continue
            if tier is not None:
                given[branch, tier] = given.get((branch, tier), 0) + cents[tier]
        found.append(given)
        waiting.append(len(again))
    return found, waiting


def _seen(people: People, cents: tuple[int, ...], limits: Limits, count: int) -> World:
    """What is told to the method, and what came."""
    granted, waiting = _granted(people, cents, limits)
    names = sorted({branch for day in people for branch, _tier in day})
    amounts = np.zeros((len(granted), len(names), len(cents)))
    for number, day in enumerate(granted):
        for (branch, tier), cost in day.items():
            amounts[number, names.index(branch), tier] = cost / 100
    before, after = amounts[: count + 1], amounts[count + 1 :]
    first = OPENED + dt.timedelta(days=count + 1)
    worth = rules.worth_of(cents, is_measured=False, is_highest=True)
    waits = rules.worth_of_people(waiting[: count + 1], before, worth)
    sums = tuple(float(one) for one in after.sum(axis=(0, 2)))
    return World(
        rules.Known(OPENED + dt.timedelta(days=1), OPENED, before[1:], waits),
        rules.Asked(first, first + dt.timedelta(days=len(after) - 1), OPENED),
        _room(before, names, cents, limits),
        worth,
        float(after.sum()),
        sums,
    )


def _room(
    before: rules.Floats, names: list[int], cents: tuple[int, ...], limits: Limits
) -> rules.Room:
    planned: dict[tuple[str, str], float | None] = {
        ("campaign", ""): None if limits.whole is None else limits.whole / 100,
        **{("branch", str(key)): most / 100 for key, most in limits.branches.items()},
        **{("stock", str(key)): float(most) for key, most in limits.stocks.items()},
    }
    used = {("campaign", ""): float(before.sum())}
    used |= {
        ("branch", str(key)): float(before[:, names.index(key)].sum()) for key in limits.branches
    }
    used |= {
        ("stock", str(key)): float(before[:, :, key].sum()) * 100 / cents[key]
        for key in limits.stocks
    }
    return rules.room_of(
        planned,
        used,
        codes=[str(place) for place in range(len(cents))],
        values=[one / 100 for one in cents],
        lines=[(name,) for name in names],
        weights={"bank": 10_000},
        per_day=None if limits.per_day is None else limits.per_day / 100,
    )
