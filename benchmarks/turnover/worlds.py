"""Random worlds: merchants of many sizes with their seasons, holidays, shocks, promotions, closures
and, some of them, a decline. Made day by day, by nothing that the detector knows of."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

WEEKS, HISTORY = 156, 104
FIRST = dt.date(2024, 1, 1)  # a Monday
# First days of the Spring Festival, and days that come every year.
_FESTIVALS = (dt.date(2024, 2, 10), dt.date(2025, 1, 29), dt.date(2026, 2, 17))
_NATIONAL, _SINGLES = (10, 1), (11, 11)
_DECLINING = 0.12  # of the merchants
SMALLEST, LARGEST = 0.15, 0.60
# A decline begins early enough in the third year to be seen for half a year.
_FIRST_START, _LAST_START = HISTORY + 2, HISTORY + 26
NEVER = 10_000


@dataclass(frozen=True)
class World:
    """Daily turnover and postings, arrays of merchants x days; narrow and wide groups; the manager
    of each; `starts` is the week in which its decline begins (NEVER where there is none) and
    `drops` the share that is lost in the end."""

    amounts: Floats
    postings: Floats
    groups: Whole
    wide_groups: Whole
    managers: Whole
    starts: Whole
    drops: Floats

    def weekly(self, values: Floats) -> Floats:
        """Sums of whole weeks."""
        return np.asarray(values.reshape(len(values), -1, 7).sum(axis=2))


def make_world(seed: int, merchants: int = 240, *, declining: float = _DECLINING) -> World:
    """This will make a world of three years; the same for the same seed."""
    rng = np.random.default_rng(seed)
    wide_of = rng.integers(0, 4, size=14)
    groups = rng.choice(14, size=merchants, p=rng.dirichlet(np.full(14, 0.8)))
    starts, drops, shape = _declines(rng, merchants, declining)
    weeks = np.exp(_wandering(rng, merchants)) * shape * _odd_weeks(rng, merchants)
    days = np.repeat(weeks, 7, axis=1) * _seasons(rng, groups) * _patterns(rng, groups)
    rate = np.exp(rng.normal(np.log(11), 1.1, size=(merchants, 1))) * days
    # Postings scatter more than by a Poisson law: a gamma mixture, the negative binomial.
    liveliness = rng.uniform(2, 20, size=(merchants, 1))
    postings = rng.poisson(rate * rng.gamma(liveliness, 1 / liveliness, size=days.shape))
    ticket = np.exp(rng.normal(np.log(90), 0.7, size=(merchants, 1)))
    unevenness = rng.uniform(0.6, 2.5, size=(merchants, 1))
    amounts = np.where(postings > 0, rng.gamma(np.maximum(postings, 1) / unevenness), 0.0)
    return World(
        np.round(amounts * unevenness * ticket, 2), postings.astype(float), groups.astype(np.int64),
        wide_of[groups].astype(np.int64), np.arange(merchants) % max(1, merchants // 30), starts,
        drops,
    )  # fmt: skip


def _declines(
    rng: np.random.Generator, merchants: int, share: float
) -> tuple[Whole, Floats, Floats]:
    """Half of them sudden, half over one to five months; all last."""
    is_declining = rng.random(merchants) < share
    starts = np.where(is_declining, rng.integers(_FIRST_START, _LAST_START, merchants), NEVER)
    drops = np.where(is_declining, rng.uniform(SMALLEST, LARGEST, merchants), 0.0)
    lasting = np.where(rng.random(merchants) < 0.5, 1, rng.integers(4, 21, merchants))
    gone = np.clip((np.arange(WEEKS)[None, :] - starts[:, None] + 1) / lasting[:, None], 0, 1)
    return starts.astype(np.int64), drops, 1 - drops[:, None] * gone


def _wandering(rng: np.random.Generator, merchants: int) -> Floats:
    """Logarithms of what comes and goes: growth, a slow drift, and weeks that hang together."""
    growth = rng.normal(0, 0.08, size=(merchants, 1)) * np.arange(WEEKS) / 52
    drift = np.cumsum(rng.normal(0, 0.004, size=(merchants, WEEKS)), axis=1)
    hanging = rng.uniform(0, 0.6, size=(merchants, 1))
    shaken = rng.uniform(0.03, 0.15, size=(merchants, 1)) * rng.normal(size=(merchants, WEEKS))
    values = np.zeros((merchants, WEEKS))
    for week in range(1, WEEKS):
        values[:, [week]] = hanging * values[:, [week - 1]] + shaken[:, [week]]
    return np.asarray(growth + drift + values)


def _odd_weeks(rng: np.random.Generator, merchants: int) -> Floats:
    """One-off promotions of one to three weeks, and refits of one to three weeks."""
    factor = np.ones((merchants, WEEKS))
    for many, low, high in ((1.2, 1.4, 3.0), (0.5, 0.0, 0.05)):
        for merchant in np.repeat(np.arange(merchants), rng.poisson(many, merchants)):
            first = rng.integers(0, WEEKS)
            factor[merchant, first : first + rng.integers(1, 4)] *= rng.uniform(low, high)
    return factor


def _patterns(rng: np.random.Generator, groups: Whole) -> Floats:
    """Days of the week: of the group, and a little of each merchant."""
    of_group = rng.uniform(0.6, 1.5, size=(groups.max() + 1, 7))
    own = np.exp(rng.normal(0, 0.1, size=(len(groups), 7)))
    return np.tile(of_group[groups] * own, (1, WEEKS))


def _seasons(rng: np.random.Generator, groups: Whole) -> Floats:
    """The year of each group, its holidays and its shocks; merchants follow more or less, and a
    little in their own way."""
    count, days = groups.max() + 1, np.arange(WEEKS * 7)
    of_group = np.stack([_year(rng, days, 0.3) + _holidays(rng, days) for _ in range(count)])
    for number in range(count):
        if rng.random() < 0.5:
            first, length = rng.integers(60, WEEKS) * 7, rng.integers(4, 60) * 7
            of_group[number, first : first + length] += np.log(rng.uniform(0.65, 1.25))
    followed = np.clip(rng.normal(1, 0.2, size=(len(groups), 1)), 0.3, 1.7)
    own = np.stack([_year(rng, days, 0.05) for _ in groups])
    return np.exp(of_group[groups] * followed + own)


def _year(rng: np.random.Generator, days: Whole, most: float) -> Floats:
    first, second = rng.uniform(0, most), rng.uniform(0, most / 2)
    turn = 2 * np.pi * days / 365.25
    return np.asarray(
        first * np.sin(turn + rng.uniform(0, 6.3)) + second * np.sin(2 * turn + rng.uniform(0, 6.3))
    )


def _holidays(rng: np.random.Generator, days: Whole) -> Floats:
    """The Spring Festival with the weeks of shopping before it, the National Day, and 11 November;
    what they do to a group is drawn."""
    effect = np.zeros(len(days))
    before, during, national, singles = rng.uniform(
        (0, -1.0, -0.3, 0), (0.5, 0.7, 0.7, 0.6), size=4
    )
    for festival in _FESTIVALS:
        first = (festival - FIRST).days
        effect[max(first - 18, 0) : first - 1] += before
        effect[first - 1 : first + 9] += during
    for year in (2024, 2025, 2026):
        first = (dt.date(year, *_NATIONAL) - FIRST).days
        effect[first : first + 8] += national
        first = (dt.date(year, *_SINGLES) - FIRST).days
        effect[first - 10 : first + 1] += singles
    return effect
