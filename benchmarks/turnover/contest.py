"""Two watchers over the same world, week by week: what each would have said, and when."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.turnover import worlds
from benchmarks.turnover.worlds import Floats, Whole, World
from merchants.evidence.rules import judging

HORIZON = 26  # weeks: a decline that is not told within them was not seen
_EVERY = 4  # weeks, for which a manager has a budget of alarms
_SPAN = 90  # days


@dataclass(frozen=True)
class Signals:
    """What a watcher finds each week of the third year: arrays of weeks x merchants. `strength` is
    higher the surer it is of a decline (below zero: none), `loss` what would be lost a year."""

    strength: Floats
    loss: Floats


@dataclass(frozen=True)
class Tally:
    """What became of a watcher's alarms in one world: `right` and `wrong` ones, `missed` declines,
    and of each decline the weeks of the half year after its start that were left (0: missed)."""

    right: int
    wrong: int
    missed: int
    leads: tuple[int, ...]
    years: float

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + self.missed, 1)

    @property
    def lead(self) -> float:
        return float(np.median(self.leads)) if self.leads else 0.0

    @property
    def false_alarms(self) -> float:
        """A merchant-year without a decline."""
        return self.wrong / self.years


def detector(world: World) -> Signals:
    """This will look at a world as the portal does: each Monday, at the last 104 weeks."""
    amounts, postings = world.weekly(world.amounts), world.weekly(world.postings)
    strength, loss = [], []
    for end in range(worlds.HISTORY, worlds.WEEKS):
        span = slice(end - worlds.HISTORY, end)
        found = judging.judge(
            judging.Weekly(amounts[:, span], postings[:, span], world.groups, world.wide_groups)
        )
        is_told = found.is_fall | found.is_closed
        score = np.where(found.is_closed, 99.0, -found.change.score)
        strength.append(np.where(is_told, score, -1.0))
        loss.append(-found.yearly)
    return Signals(np.array(strength), np.array(loss))


def last_against_before(world: World) -> Signals:
    """This will look at a world as most do: the last 90 days against the 90 before."""
    running = np.pad(np.cumsum(world.amounts, axis=1), ((0, 0), (1, 0)))
    strength, loss = [], []
    for end in range(worlds.HISTORY, worlds.WEEKS):
        day = end * 7
        later = running[:, day] - running[:, day - _SPAN]
        earlier = running[:, day - _SPAN] - running[:, day - 2 * _SPAN]
        strength.append(np.where(earlier > 0, 1 - later / np.maximum(earlier, 1e-9), -1.0))
        loss.append((earlier - later) * 365 / _SPAN)
    return Signals(np.array(strength), np.array(loss))


def alarms_without_budget(signals: Signals, threshold: float) -> Whole:
    """This will return the week of each merchant's first alarm (NEVER where there is none)."""
    is_told = signals.strength >= threshold
    first = np.where(is_told.any(axis=0), is_told.argmax(axis=0) + worlds.HISTORY, worlds.NEVER)
    return first.astype(np.int64)


def alarms_within_budget(
    signals: Signals,
    threshold: float,
    managers: Whole,
    budget: int,
    rank: Callable[[Signals], Floats],
) -> Whole:
    """This will return the week of each merchant's first alarm, of which each manager hears
    `budget` every four weeks at most, those that rank highest; a merchant is told of once."""
    ranks = rank(signals)
    first = np.full(signals.strength.shape[1], worlds.NEVER)
    left = np.zeros(managers.max() + 1, dtype=int)
    for week in range(len(signals.strength)):
        if week % _EVERY == 0:
            left[:] = budget
        for merchant in np.argsort(-ranks[week], kind="stable"):
            if first[merchant] != worlds.NEVER or signals.strength[week, merchant] < threshold:
                continue
            if left[managers[merchant]] > 0:
                left[managers[merchant]] -= 1
                first[merchant] = week + worlds.HISTORY
    return first


def tally(world: World, first: Whole) -> Tally:
    """This will hold alarms against what was planted. One before the decline began is wrong."""
    is_declining = world.starts < worlds.NEVER
    is_told = first < worlds.NEVER
    delay = first - world.starts
    is_right = is_declining & is_told & (delay >= 0) & (delay < HORIZON)
    leads = np.where(is_right, HORIZON - delay, 0)[is_declining]
    is_wrong = is_told & ~is_right & ~(is_declining & (delay >= HORIZON))
    return Tally(
        int(is_right.sum()), int(is_wrong.sum()), int((is_declining & ~is_right).sum()),
        tuple(int(lead) for lead in leads),
        float((~is_declining).sum()) * (worlds.WEEKS - worlds.HISTORY) / 52,
    )  # fmt: skip
