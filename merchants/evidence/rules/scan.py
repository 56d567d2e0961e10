"""A scan for one lasting change in the last year, at every week at which it may have begun."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from merchants.evidence.rules.noise import Noise
from merchants.evidence.rules.seasons import Floats, Season, Whole

# A change is sought in the last year; what came before is the new normal.
LATEST_YEAR = 52
# A whole year before it, where there is one: what a merchant's own season has left cancels out.
BEFORE = 52
FEWEST_BEFORE, FEWEST_AFTER = 26, 4
# Where the likelihood ratio falls short of its highest by less, the change may have begun too.
# (1 - exp(-x/2))**2 = 0.95 for x, the limit distribution of Siegmund 1988 (International
# Statistical Review 56, 31-48).
_DATE_WITHIN = 7.35
_LIKELY = 1.96  # 95 % of a normal distribution


@dataclass(frozen=True)
class Change:
    """The likeliest change of each merchant, as arrays. `score` is the signed root of its
    likelihood ratio, below zero for a fall; `at` the week it began, `earliest` and `latest` the
    weeks it may have; `before` and `after` the levels (CNY in an ordinary week); `share` the
    change as a share of `before`, from `low` to `high` with 95 %."""

    score: Floats
    at: Whole
    earliest: Whole
    latest: Whole
    before: Floats
    after: Floats
    share: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class _Sums:
    """Running sums over the weeks, each with a nought before the first."""

    amounts: Floats
    exposure: Floats
    open_weeks: Floats

    def between(self, first: int, end: int) -> tuple[Floats, Floats, Floats]:
        """Amounts, exposure and number of open weeks from `first` to before `end`."""
        return (
            self.amounts[:, end] - self.amounts[:, first],
            self.exposure[:, end] - self.exposure[:, first],
            self.open_weeks[:, end] - self.open_weeks[:, first],
        )


def find_changes(season: Season, noise: Noise, is_fall: bool) -> Change:
    """This will find the likeliest fall (or rise) of each merchant.

    For a change at week k the likelihood ratio of two levels against one is
    2 (Y0 log(Y0 / (E0 p)) + Y1 log(Y1 / (E1 p))) / dispersion, Y the amounts and E the exposures
    before and after, p = (Y0 + Y1) / (E0 + E1): the Poisson scan of Kulldorff (1997,
    Communications in Statistics 26, 1481-1496) over time, quasi-likelihood in place of likelihood
    as in McCullagh and Nelder (1989, chapter 9). Its largest value over k is the generalised
    likelihood ratio of Siegmund and Venkatraman (1995, Annals of Statistics 23, 255-271).
    """
    sums = _sums(season, noise)
    weeks = season.exposure.shape[1]
    places = np.arange(max(weeks - LATEST_YEAR, FEWEST_BEFORE), weeks - FEWEST_AFTER + 1)
    if not len(places):
        places = np.array([weeks - 1])
    ratios = np.stack([_ratio(sums, int(k), noise, is_fall) for k in places], axis=1)
    best = ratios.argmax(axis=1)
    highest = ratios.max(axis=1)
    near = ratios >= (highest - _DATE_WITHIN)[:, None]
    return _described(
        sums, noise, highest * (-1 if is_fall else 1),
        (places[best], places[near.argmax(axis=1)],
         places[near.shape[1] - 1 - near[:, ::-1].argmax(axis=1)]),
    )  # fmt: skip


def _sums(season: Season, noise: Noise) -> _Sums:
    exposure = np.where(season.is_open, season.exposure, 0.0)
    taken = (noise.calm, exposure, season.is_open.astype(float))
    return _Sums(*(np.pad(np.cumsum(values, axis=1), ((0, 0), (1, 0))) for values in taken))


def _ratio(sums: _Sums, place: int, noise: Noise, is_fall: bool) -> Floats:
    y0, e0, n0 = sums.between(max(place - BEFORE, 0), place)
    y1, e1, n1 = sums.between(place, sums.amounts.shape[1] - 1)
    is_enough = (n0 >= FEWEST_BEFORE) & (n1 >= FEWEST_AFTER) & (y0 > 0)
    e0, e1 = np.where(is_enough, e0, 1.0), np.where(is_enough, e1, 1.0)
    common = np.maximum((y0 + y1) / (e0 + e1), 1e-9)
    found = special.xlogy(y0, np.maximum(y0, 1e-9) / (e0 * common))
    found += special.xlogy(y1, np.maximum(y1, 1e-9) / (e1 * common))
    goes_there = (y1 / e1 < y0 / e0) if is_fall else (y1 / e1 > y0 / e0)
    ratio = np.maximum(2 * found, 0) / noise.dispersion
    own = noise.dispersion * (1 / np.maximum(y0, 1e-9) + 1 / np.maximum(y1, 1e-9))
    # Merchants drift: the same variance of the logarithm for each week that lies between.
    drift = noise.drift * (n0 + n1) / 2 / BEFORE
    return np.where(is_enough & goes_there, ratio * own / (own + drift), 0.0)


def _described(
    sums: _Sums, noise: Noise, signed: Floats, weeks: tuple[Whole, Whole, Whole]
) -> Change:
    at, earliest, latest = weeks
    rows, end = np.arange(len(at)), sums.amounts.shape[1] - 1
    first = np.maximum(at - BEFORE, 0)
    y0 = sums.amounts[rows, at] - sums.amounts[rows, first]
    e0 = sums.exposure[rows, at] - sums.exposure[rows, first]
    y1 = sums.amounts[rows, end] - sums.amounts[rows, at]
    e1 = sums.exposure[rows, end] - sums.exposure[rows, at]
    before, after = y0 / np.maximum(e0, 1e-9), y1 / np.maximum(e1, 1e-9)
    logs = np.log(np.maximum(after, 1e-9) / np.maximum(before, 1e-9))
    # Of a sum with the variance dispersion x mean the logarithm has dispersion / mean.
    between = (at - first + end - at) / 2 / BEFORE
    own = noise.dispersion * (1 / np.maximum(y0, 1e-9) + 1 / np.maximum(y1, 1e-9))
    spread = np.sqrt(own + noise.drift * between)
    return Change(
        np.sign(signed) * np.sqrt(np.abs(signed)), at, earliest, latest, before, after,
        np.expm1(logs), np.expm1(logs - _LIKELY * spread),
        np.expm1(np.minimum(logs + _LIKELY * spread, 20)),
    )  # fmt: skip
