"""How good scores are, measured on calls whose results were not known to them."""

from dataclasses import dataclass

import numpy as np

from journeys.scoring.rules.calls import Numbers

TENTHS = 10


@dataclass(frozen=True)
class Tenth:
    """A part of the calls, by their scores: how many, what was foretold, and what came."""

    calls: int
    foretold: float
    came: float


def auc(won: Numbers, scores: Numbers) -> float:
    """This will return how often a success has the higher score than a failure; a tie is half."""
    order, ranks = np.unique(scores, return_inverse=True)
    counts = np.bincount(ranks, minlength=len(order))
    middle = np.cumsum(counts) - (counts - 1) / 2
    wins = won.sum()
    losses = len(won) - wins
    if not wins or not losses:
        return float("nan")
    return float((middle[ranks][won > 0].sum() - wins * (wins + 1) / 2) / (wins * losses))


def alift(won: Numbers, scores: Numbers) -> float:
    """This will return the area under the cumulative lift curve: the share of all successes among
    the best-scored calls, over the share of calls that this is (Moro, Cortez, Rita 2014, Decision
    Support Systems 62). Calls of one score share their successes evenly."""
    if not won.sum():
        return float("nan")
    got = np.concatenate([[0.0], np.cumsum(_evened(won, scores))]) / won.sum()
    return float(((got[1:] + got[:-1]) / 2).mean())


def in_better_half(won: Numbers, scores: Numbers) -> float:
    """This will return the share of all successes that lies in the better half of the calls."""
    if not won.sum():
        return float("nan")
    got = _evened(won, scores)
    half = len(won) / 2
    whole = int(half)
    beyond = got[whole] * (half - whole) if whole < half else 0.0
    return float((got[:whole].sum() + beyond) / won.sum())


def _evened(won: Numbers, scores: Numbers) -> Numbers:
    """Successes from the best score down, each call with the mean of those of its score."""
    order, ranks = np.unique(-scores, return_inverse=True)
    counts = np.bincount(ranks, minlength=len(order))
    mean = np.bincount(ranks, weights=won, minlength=len(order)) / counts
    return np.repeat(mean, counts)


def brier(won: Numbers, chances: Numbers) -> float:
    """This will return the mean squared distance of chances from what came (Brier 1950)."""
    return float(np.mean((chances - won) ** 2))


def tenths(won: Numbers, chances: Numbers) -> list[Tenth]:
    """This will cut the calls into ten parts of the same size, from the lowest chance up."""
    order = np.argsort(chances, kind="stable")
    return [
        Tenth(len(part), float(chances[part].mean()), float(won[part].mean()))
        for part in np.array_split(order, TENTHS)
        if len(part)
    ]


def half_width_of_auc(won: Numbers, area: float) -> float:
    """This will return half the width of the 95 % interval of an AUC (Hanley and McNeil 1982,
    Radiology 143)."""
    wins = won.sum()
    losses = len(won) - wins
    if not wins or not losses:
        return float("nan")
    first, second = area / (2 - area), 2 * area**2 / (1 + area)
    spread = (
        area * (1 - area) + (wins - 1) * (first - area**2) + (losses - 1) * (second - area**2)
    ) / (wins * losses)
    return float(1.96 * np.sqrt(max(spread, 0.0)))
