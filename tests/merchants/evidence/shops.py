"""Weeks of invented merchants, drawn apart from the detector: a season and a festival in common,
gamma-distributed sums, and what a test plants."""

import numpy as np
import numpy.typing as npt

from merchants.evidence.rules.judging import Judged, Weekly, judge

WEEKS = 104
Floats = npt.NDArray[np.float64]


def group_of(merchants: int = 40, seed: int = 1, spread: float = 0.06) -> Floats:
    """A group's weeks: merchants of about CNY 20,000 a week, a season of a third either way, and a
    festival of two weeks that falls into other weeks each year."""
    rng = np.random.default_rng(seed)
    season = 1 + 0.33 * np.sin(2 * np.pi * np.arange(WEEKS) / 52.18)
    for first in (4, 59):
        season[first : first + 2] *= 0.4
    level = 20_000 * np.exp(rng.normal(0, 0.5, size=(merchants, 1)))
    return np.asarray(level * season * rng.gamma(1 / spread**2, spread**2, (merchants, WEEKS)))


def judged(amounts: Floats, postings: Floats | None = None) -> Judged:
    """What is found of merchants of one group."""
    count = np.zeros(len(amounts), dtype=np.int64)
    many = np.full(amounts.shape, 80.0) if postings is None else postings
    return judge(Weekly(amounts, many, count, count))
