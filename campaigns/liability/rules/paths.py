"""Futures of a campaign: many, each drawn day by day within its limits."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from campaigns.liability.rules.fitting import Fit, Floats, Known, fit, table_of
from campaigns.liability.rules.rooms import Purses, Room, Worth

COVERED = 80  # percent of the futures that lie in the interval
# In how many worlds of the benchmark, of those without limits, the truth lay in the interval.
MEASURED = {"worlds": 2_000, "percent": 86}
MOST_DAYS = 84  # twelve weeks: what was before tells little of the next ones
_REACH = 2  # times as many days ahead as are known
FUTURES = 500
_NOTHING = 0.005  # CNY


def reach_of(known: Known) -> dt.date:
    """This will return the last day that a forecast from these days may tell of."""
    return known.last + dt.timedelta(days=_REACH * known.count)


@dataclass(frozen=True)
class Asked:
    """What is to be forecast: the days from `first` to `last`, of a campaign that opened on
    `opened`. Where that is still to come, `opening` is what the opening day brought where it was
    tried, by branch and tier (CNY)."""

    first: dt.date
    last: dt.date
    opened: dt.date
    opening: Floats | None = None
    seed: int = 0

    @property
    def days(self) -> list[dt.date]:
        count = (self.last - self.first).days + 1
        return [self.first + dt.timedelta(days=number) for number in range(count)]


@dataclass(frozen=True)
class Range:
    """What is expected (CNY), and the ends of the interval."""

    expected: float
    low: float
    high: float


@dataclass(frozen=True)
class Forecast:
    """What will be granted in the days asked about: in all, by branch in the order of the cells,
    by tier, and in which share of the futures (percent) budget or stock end before the days do."""

    whole: Range
    branches: tuple[Range, ...]
    tiers: tuple[Range, ...]
    used_up: float


def forecast(known: Known, asked: Asked, room: Room, worth: Worth) -> Forecast:
    """This will draw futures and tell what they come to; the same for the same `seed`."""
    rng = np.random.default_rng(asked.seed)
    found = fit(known)
    shape = (FUTURES, *known.amounts.shape[1:])
    purses = Purses.of(room, worth, shape, rng)
    sums = np.zeros(shape)
    wanted = [] if found is None else _wanted(known, asked, found, rng)
    for number, day in enumerate(_opened(wanted, asked, found, worth, rng)):
        if number == 0:
            day = day * _rest_of_today(day, room.today)[:, None, None]
        sums += purses.grant(day, already=0.0 if number else room.today)
    wholes = sums.sum(axis=(1, 2))
    ended = np.minimum(purses.whole, purses.tiers.sum(axis=1)) < _NOTHING
    return Forecast(
        _range(wholes),
        tuple(_range(one) for one in sums.sum(axis=2).T),
        tuple(_range(one) for one in sums.sum(axis=1).T),
        float(100 * ended.mean()),
    )


def _range(values: Floats) -> Range:
    tail = (100 - COVERED) / 200
    low, high = np.quantile(values, [tail, 1 - tail])
    return Range(float(values.mean()), float(low), float(high))


def _rest_of_today(wanted: Floats, granted: float) -> Floats:
    """Which part of what a whole day brings is still to come when so much of it was granted."""
    whole = wanted.sum(axis=(1, 2))
    rest = np.maximum(whole - granted, 0.0)
    return np.asarray(np.divide(rest, whole, out=np.zeros_like(whole), where=whole > 0))


def _opened(
    wanted: list[Floats], asked: Asked, found: Fit | None, worth: Worth, rng: np.random.Generator
) -> list[Floats]:
    """The days with that of the opening before them, where it is still to come. It was tried once
    and comes once: both scatter as days do, or where no other day granted anything, as people who
    come one by one."""
    if asked.opening is None or asked.opening.sum() <= 0:
        return wanted
    whole = float(asked.opening.sum())
    spread = worth.tiers[-1] if found is None else found.dispersion
    size = _gamma(np.full(FUTURES, whole), np.full(FUTURES, 2 * spread), rng)
    return [size[:, None, None] * (asked.opening / whole), *wanted[1:]]


def _wanted(known: Known, asked: Asked, found: Fit, rng: np.random.Generator) -> list[Floats]:
    """What is wanted on each day, by future, branch and tier."""
    scale = found.free / rng.chisquare(found.free, FUTURES)
    root = np.linalg.cholesky(found.covariance)
    apart = rng.standard_normal((FUTURES, len(found.coefficients))) @ root.T
    drawn = found.coefficients + apart * np.sqrt(scale)[:, None]
    rows = table_of(asked.days, last=known.last, opened=asked.opened, fading=found.fading)
    expected = np.maximum(drawn @ rows.T, 0.0)
    spread = found.dispersion * scale
    sums = _gamma(expected, spread[:, None], rng)
    days, waits = len(asked.days), _days_waiting(known)
    mixes, picked = _mixes(known, days + waits, rng)
    wanted = [sums[:, number, None, None] * mixes[picked[:, number]] for number in range(days)]
    if waits:
        wanted[0] = wanted[0] + known.still_waiting * mixes[picked[:, days:]].mean(axis=1)
    return wanted


def _days_waiting(known: Known) -> int:
    """How many days' worth waits: as made up as so many of those that are known."""
    if known.still_waiting <= 0 or known.granted.sum() <= 0:
        return 0
    return min(max(round(known.still_waiting / float(known.granted.mean())), 1), known.count)


def _gamma(mean: Floats, dispersion: Floats, rng: np.random.Generator) -> Floats:
    """Draws with this mean and a variance of dispersion x mean."""
    dispersion = np.broadcast_to(dispersion, mean.shape)
    shape = np.maximum(mean / dispersion, 1e-9)
    return np.asarray(np.where(mean > 0, rng.gamma(shape, dispersion), 0.0))


def _mixes(
    known: Known, days: int, rng: np.random.Generator
) -> tuple[Floats, npt.NDArray[np.intp]]:
    """How the sum of each day that is known was made up, and which of them is drawn for each future
    and day: each as often as it brought much, weighted anew in each future."""
    totals = known.granted
    there = np.flatnonzero(totals > 0)
    mixes = known.amounts[there] / totals[there, None, None]
    weights = rng.standard_exponential((FUTURES, len(there))) * totals[there]
    ends = np.cumsum(weights, axis=1) / weights.sum(axis=1)[:, None]
    points = rng.random((FUTURES, days))
    picked = (points[:, :, None] > ends[:, None, :-1]).sum(axis=2)
    return mixes, picked


def split_by(shares: Mapping[str, int], whole: int, found: Range) -> dict[str, Range]:
    """This will split a forecast between the parties by their shares of `whole`."""
    return {
        party: Range(*(one * share / whole for one in (found.expected, found.low, found.high)))
        for party, share in shares.items()
    }
