"""What a day is expected to bring, from the days that are known."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Two of each weekday: with fewer, neither weekdays nor scatter can be told.
FEWEST_DAYS = 14
_WEEK = 7
_FADING = (2.0, 3.0, 4.0, 5.5, 8.0)  # days in which what an opening brought falls to a third
# How far weekday, trend of a day, and opening may lie from none, in shares of the level: one
# deviation. A level that doubles within a quarter has a trend of 0.01.
_LEVEL, _WEEKDAY, _TREND, _OPENING = 10.0, 0.5, 0.006, 5.0
_LEAST_SHARE = 0.1  # of the level: a day of less is weighed as one of so much
_FEWEST_FREE = 3.0
_MOST_COMMON = 0.6
_STEPS = 5


@dataclass(frozen=True)
class Known:
    """Days one after another from `first` on, and what was granted on each by branch and tier
    (CNY). `opened` is the day on which granting began, which is none of them. `waiting` is what a
    day's limit had refused by the end of the day before `first` and of each of them, where it is
    known."""

    first: dt.date
    opened: dt.date
    amounts: Floats
    waiting: Floats | None = None

    @property
    def count(self) -> int:
        return int(self.amounts.shape[0])

    @property
    def last(self) -> dt.date:
        return self.first + dt.timedelta(days=self.count - 1)

    @property
    def granted(self) -> Floats:
        return np.asarray(self.amounts.sum(axis=(1, 2)), dtype=np.float64)

    @property
    def wanted(self) -> Floats:
        """What came to be asked for on each day: what was granted, and waited longer."""
        if self.waiting is None:
            return self.granted
        return np.maximum(self.granted + np.diff(self.waiting), 0.0)

    @property
    def still_waiting(self) -> float:
        """What waits after the last of them."""
        return 0.0 if self.waiting is None else float(self.waiting[-1])


@dataclass(frozen=True)
class Fit:
    """The coefficients, their covariance, and the dispersion with its degrees of freedom; `fading`
    is how many days an opening takes to fade to a third."""

    coefficients: Floats
    covariance: Floats
    dispersion: float
    free: float
    fading: float


def table_of(days: Sequence[dt.date], *, last: dt.date, opened: dt.date, fading: float) -> Floats:
    """This will write days as rows of the model: level, seven weekdays, trend, opening."""
    rows = np.zeros((len(days), _WEEK + 3))
    for number, day in enumerate(days):
        rows[number, 0] = 1.0
        rows[number, 1 + day.weekday()] = 1.0
        rows[number, 1 + _WEEK] = (day - last).days
        rows[number, 2 + _WEEK] = np.exp(-max((day - opened).days, 0) / fading)
    return rows


def fit(known: Known) -> Fit | None:
    """This will fit the model to the days that are known, with the opening that leaves the least
    dispersion; None where nothing was granted."""
    if known.wanted.sum() <= 0:
        return None
    return min((_fit(known, fading) for fading in _FADING), key=lambda one: one.dispersion)


def _fit(known: Known, fading: float) -> Fit:
    totals = known.wanted
    level = float(totals.mean())
    days = [known.first + dt.timedelta(days=number) for number in range(known.count)]
    rows = table_of(days, last=known.last, opened=known.opened, fading=fading)
    spreads = np.array([_LEVEL, *[_WEEKDAY] * _WEEK, _TREND, _OPENING]) * level
    held = np.diag(1 / spreads**2)
    expected = np.full(known.count, level)
    free = float(known.count - 1)
    dispersion = max(float(((totals - level) ** 2).sum()) / level / free, 1e-9)
    for _step in range(_STEPS):
        weights = 1 / (dispersion * expected)
        seen = rows.T @ (rows * weights[:, None])
        covariance = np.linalg.inv(seen + held)
        coefficients = covariance @ (rows.T @ (weights * totals))
        expected = np.maximum(rows @ coefficients, _LEAST_SHARE * level)
        free = max(known.count - float(np.trace(covariance @ seen)), _FEWEST_FREE)
        residuals = (totals - rows @ coefficients) / np.sqrt(expected)
        dispersion = max(float((residuals**2).sum()) / free, 1e-9)
    common = _common(residuals)
    widened = (1 + common) / (1 - common)
    spread = np.asarray(covariance * widened, dtype=np.float64)
    coefficients = np.asarray(coefficients, dtype=np.float64)
    return Fit(coefficients, spread, dispersion * widened, free, fading)


def _common(residuals: Floats) -> float:
    """How far neighbouring days go together: their correlation, with what few days hide of it."""
    whole = float((residuals**2).sum())
    if whole <= 0:
        return 0.0
    found = float((residuals[1:] * residuals[:-1]).sum()) / whole
    found += (1 + 4 * found) / len(residuals)
    return float(np.clip(found, 0.0, _MOST_COMMON))
