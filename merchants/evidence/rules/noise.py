"""How unevenly a merchant's weeks come, from its own history."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from merchants.evidence.rules.seasons import Flags, Floats, Season, Whole

_AROUND = 13  # weeks: what lasts less than half of them does not move the level around a week
_MOST_UP, _MOST_DOWN = 2.5, 3.0  # deviations from it: more is a promotion, or a shut door
_AT_LEAST_UP, _AT_LEAST_DOWN = 0.25, 0.30
_TRIMMED = 0.05
# The mean of the squares of a standard normal variable without the largest 5 %.
_OF_TRIMMED = 0.7588
_BLOCK = 4
_OWN_SHARE = 0.5  # of the merchant's own correlation beside its group's
# A block of four weeks sees a part of what hangs together for longer. Where weeks follow a first
# order autoregression with a coefficient of 0.2 to 0.7, the long-run variance over that of
# successive differences is its ratio to the power of 1.4 to 1.7.
_ALL_OF_IT = 1.5
_MOST_CORRELATED = 4.5
_FEWEST_OF_GROUP = 8
_YEAR = 52
# A variance of the logarithm of a year: 8 %, where merchants are too few to tell; 3 % at least.
_USUAL_DRIFT, _LEAST_DRIFT = 0.08**2, 0.03**2


@dataclass(frozen=True)
class Noise:
    """`calm` are the amounts without what was odd for some weeks only; `dispersion` is the variance
    of the sum of some weeks over its mean (CNY), correlation from week to week included. `drift` is
    the variance by which the logarithms of two years of a merchant differ besides, without anything
    having happened: merchants of no group stay as they are."""

    calm: Floats
    dispersion: Floats
    drift: float


def noise_of(amounts: Floats, season: Season, groups: Whole) -> Noise:
    """This will find how a merchant's turnover scatters, and take single odd weeks back to what
    is within reach of its level: variance = dispersion x mean, the quasi-Poisson model
    (Wedderburn 1974, Biometrika 61, 439-447; McCullagh and Nelder 1989, chapter 9), with the
    dispersion from differences of weeks that follow each other, so that a step hardly counts.
    """
    around = _around(amounts, season)
    expected = np.maximum(around * season.exposure, 1e-9)
    root = np.sqrt(expected)
    residual = np.where(season.is_open, (amounts - expected) / root, 0.0)
    weekly = np.maximum(_trimmed(residual, season.is_open), 1e-9)
    # On the scale of the residuals one deviation is the root of the dispersion.
    reach = np.sqrt(weekly)[:, None] / root
    upper = expected * (1 + np.maximum(_MOST_UP * reach, _AT_LEAST_UP))
    lower = expected * (1 - np.maximum(_MOST_DOWN * reach, _AT_LEAST_DOWN))
    calm = np.clip(amounts, np.maximum(lower, 0), upper)
    calm = np.where(season.is_open, calm, 0.0)
    dispersion = _dispersion(calm, season, groups)
    return Noise(calm, dispersion, _drift(calm, season, dispersion))


def _drift(calm: Floats, season: Season, dispersion: Floats) -> float:
    """How much merchants differ from their year before beyond what their scatter explains: the
    median absolute deviation, of which few that declined are no great part, squared (Hampel 1974,
    Journal of the American Statistical Association 69, 383-393), less the median variance."""
    exposure = np.where(season.is_open, season.exposure, 0.0)
    halves = (slice(None, -_YEAR), slice(-_YEAR, None))
    taken = [calm[:, half].sum(axis=1) for half in halves]
    expected = [exposure[:, half].sum(axis=1) for half in halves]
    is_told = (taken[0] > 0) & (taken[1] > 0) & (season.is_open[:, 0])
    if is_told.sum() < _FEWEST_OF_GROUP:
        return _USUAL_DRIFT
    ratio = [one[is_told] / other[is_told] for one, other in zip(taken, expected, strict=True)]
    apart = np.log(ratio[1] / ratio[0])
    spread = 1.4826 * np.median(np.abs(apart - np.median(apart)))
    own = dispersion[is_told] * (1 / taken[0][is_told] + 1 / taken[1][is_told])
    return float(max(spread**2 - np.median(own), _LEAST_DRIFT))


def _dispersion(calm: Floats, season: Season, groups: Whole) -> Floats:
    exposure = np.where(season.is_open, season.exposure, 0.0)
    level = calm.sum(axis=1) / np.maximum(exposure.sum(axis=1), 1e-9)
    expected = np.maximum(level[:, None] * season.exposure, 1e-9)
    residual = np.where(season.is_open, (calm - expected) / np.sqrt(expected), 0.0)
    weekly = np.maximum(_trimmed(residual, season.is_open), 1e-9)
    factor = _correlation(residual, season.is_open, weekly, groups)
    return np.asarray(weekly * factor**_ALL_OF_IT)


def _around(amounts: Floats, season: Season) -> Floats:
    """The running median of the amounts without their season; closed weeks take the merchant's
    mean, so that they move it as little as may be."""
    exposure = np.where(season.is_open, season.exposure, 0.0)
    mean = (amounts * season.is_open).sum(axis=1) / np.maximum(exposure.sum(axis=1), 1e-9)
    even = np.where(season.is_open, amounts / season.exposure, mean[:, None])
    median = ndimage.median_filter(even, size=(1, _AROUND), mode="nearest")
    return np.asarray(np.maximum(median, 1e-9))


def _trimmed(values: Floats, is_open: Flags) -> Floats:
    """Half the mean square of successive differences without the largest 5 %: the variance."""
    both = is_open[:, 1:] & is_open[:, :-1]
    squares = np.where(both, np.diff(values, axis=1) ** 2, np.inf)
    squares.sort(axis=1)
    count = np.maximum(np.floor(both.sum(axis=1) * (1 - _TRIMMED)), 1)
    kept = np.arange(squares.shape[1])[None, :] < count[:, None]
    total = np.where(kept & np.isfinite(squares), squares, 0.0).sum(axis=1)
    return np.asarray(total / count / 2 / _OF_TRIMMED)


def _correlation(residual: Floats, is_open: Flags, weekly: Floats, groups: Whole) -> Floats:
    """By how much sums of weeks vary more than weeks that knew nothing of each other would: the
    variance of blocks of four weeks against that of one. The merchant's own is uncertain (few
    blocks), so it is drawn halfway to the median of its group."""
    weeks = residual.shape[1] // _BLOCK * _BLOCK
    shape = (len(residual), -1, _BLOCK)
    blocks = residual[:, -weeks:].reshape(shape).sum(axis=2) / np.sqrt(_BLOCK)
    whole = np.asarray(is_open[:, -weeks:].reshape(shape).all(axis=2))
    own = np.log(np.clip(_trimmed(blocks, whole) / weekly, 1 / _MOST_CORRELATED, _MOST_CORRELATED))
    common = np.empty_like(own)
    for number in np.unique(groups):
        of_it = groups == number
        enough = of_it.sum() >= _FEWEST_OF_GROUP
        common[of_it] = np.median(own[of_it]) if enough else np.median(own)
    mixed = _OWN_SHARE * own + (1 - _OWN_SHARE) * common
    return np.asarray(np.clip(np.exp(mixed), 1.0, _MOST_CORRELATED))
