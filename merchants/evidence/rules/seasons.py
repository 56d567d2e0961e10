"""What the merchants of a group have in common: season, holidays, shocks. It is taken out of each.

A group's index is read from the same weeks, not from last year's: so the Spring Festival is where
it was, whatever its date, and what hit the whole group says nothing against one of it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

# A week in which a merchant took less than this share of what its level and group let expect was
# closed: it tells of doors, not of a decline.
CLOSED_SHARE = 0.15
# How far merchants drift apart by themselves, as a variance of the logarithm (15 %).
DRIFT = 0.15**2
_MOST = 6.0  # times the usual level: more than that counts as that, in the index of the others
_LEAST = 0.05
_ROUNDS = 2
# How much a merchant's answer to the season of its group differs from 1: 0.3 (standard deviation).
_SPREAD_OF_ANSWER = 0.3
_STEEPEST = 2.0


@dataclass(frozen=True)
class Season:
    """Arrays of merchants x weeks. `exposure` is the share of its level that a merchant's week
    lets expect; `group` the same for its group without itself; `is_open` the weeks that count."""

    exposure: Floats
    group: Floats
    is_open: Flags


def season_of(amounts: Floats, groups: Whole, wide_groups: Whole) -> Season:
    """This will find what each merchant has in common with the others of its group.

    `amounts` are merchants x weeks; `groups` number the narrow group of each (its category),
    `wide_groups` the wide one (its scenario). The index of all merchants, of the wide and of the
    narrow group are weighted means of the ratio of a week to the merchant's level, each without
    the merchant itself, the narrower shrunk towards the wider one and the widest towards 1.
    """
    is_known = _known(amounts)
    index, is_open = np.ones_like(amounts), is_known
    for _round in range(_ROUNDS):
        is_open = is_known & ~_closed(amounts, index, is_known)
        ratio = np.where(is_open, _ratio(amounts, index, is_open), 0.0)
        spread = _spread(ratio / index, is_open)
        weight = np.where(is_open.any(axis=1), 1 / (spread + DRIFT), 0.0)[:, None] * is_open
        index = np.ones_like(amounts)
        for numbers in (np.zeros_like(groups), wide_groups, groups):
            index = _narrower(index, ratio, weight, numbers)
    is_open = is_known & ~_closed(amounts, index, is_known)
    return Season(index ** _answer(amounts, index, is_open)[:, None], index, is_open)


def _known(amounts: Floats) -> Flags:
    """From the first week with turnover on: before it there was no merchant, or no source."""
    return np.asarray(np.maximum.accumulate(amounts > 0, axis=1))


def _level(amounts: Floats, index: Floats, is_open: Flags) -> Floats:
    expected = (index * is_open).sum(axis=1)
    taken = np.clip(amounts, 0, None) * is_open
    return np.asarray(taken.sum(axis=1) / np.maximum(expected, 1e-9))


def _ratio(amounts: Floats, index: Floats, is_open: Flags) -> Floats:
    level = np.maximum(_level(amounts, index, is_open), 1e-9)
    return np.asarray(np.clip(amounts / level[:, None], 0, _MOST))


def _closed(amounts: Floats, index: Floats, is_known: Flags) -> Flags:
    level = _level(amounts, index, is_known)
    return np.asarray(is_known & (amounts < CLOSED_SHARE * level[:, None] * index))


def _spread(values: Floats, is_open: Flags) -> Floats:
    """The variance of a week by von Neumann's successive differences, which neither a trend nor a
    step disturbs much (von Neumann 1941, Annals of Mathematical Statistics 12, 367-395)."""
    both = is_open[:, 1:] & is_open[:, :-1]
    squares = np.where(both, np.diff(values, axis=1) ** 2, 0.0)
    return np.asarray(squares.sum(axis=1) / np.maximum(2 * both.sum(axis=1), 1))


def _sums(values: Floats, numbers: Whole) -> Floats:
    """The sums of the rows of each group, given to each of its rows."""
    order = np.argsort(numbers, kind="stable")
    sorted_numbers = numbers[order]
    starts = np.flatnonzero(np.r_[True, sorted_numbers[1:] != sorted_numbers[:-1]])
    sums = np.add.reduceat(values[order], starts, axis=0)
    place = np.empty(len(numbers), dtype=np.int64)
    place[order] = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(numbers)]))
    return np.asarray(sums[place])


def _narrower(wide: Floats, ratio: Floats, weight: Floats, numbers: Whole) -> Floats:
    """This will give the index of a group without the merchant itself, shrunk towards `wide`.

    With the weights 1 / variance of one merchant's ratio, the mean's own variance is 1 / their sum.
    What the logarithms of the two indices differ by beyond that is signal; its share is kept:
    signal / (signal + variance), the empirical Bayes estimate of Efron and Morris (1973, Journal
    of the American Statistical Association 68, 117-130). A group of one or two keeps little.
    """
    others = _sums(weight, numbers) - weight
    total = _sums(weight * ratio, numbers) - weight * ratio
    is_there = others > 1e-6
    mean = np.where(is_there, total / np.where(is_there, others, 1.0), wide)
    apart = np.where(is_there, np.log(np.maximum(mean, _LEAST) / wide), 0.0)
    weeks = np.maximum(is_there.sum(axis=1), 1)
    own = np.where(is_there, 1 / np.where(is_there, others, 1.0), 0.0).sum(axis=1) / weeks
    found = (apart**2).sum(axis=1) / weeks
    kept = np.clip(1 - own / np.maximum(found, 1e-12), 0, 1)
    return np.asarray(wide * np.exp(kept[:, None] * apart))


def _answer(amounts: Floats, index: Floats, is_open: Flags) -> Floats:
    """This will find how strongly each merchant answers to its group's season: the slope of its
    weekly changes on those of the index, both as logarithms, as a ridge regression towards 1
    (Hoerl and Kennard 1970, Technometrics 12, 55-67). Changes from week to week leave a lasting
    decline out, but for the one week in which it begins."""
    both = is_open[:, 1:] & is_open[:, :-1]
    level = np.maximum(_level(amounts, index, is_open), 1e-9)
    logs = np.log(np.maximum(amounts / level[:, None], _LEAST))
    steps = np.where(both, np.diff(logs, axis=1), 0.0)
    of_group = np.where(both, np.diff(np.log(index), axis=1), 0.0)
    apart = ((steps - of_group) ** 2).sum(axis=1)
    noise = np.maximum(apart / np.maximum(both.sum(axis=1), 1), 1e-6)
    prior = 1 / _SPREAD_OF_ANSWER**2
    upper = (of_group * steps).sum(axis=1) / noise + prior
    lower = (of_group**2).sum(axis=1) / noise + prior
    return np.asarray(np.clip(upper / lower, 0, _STEEPEST))


def without_season(amounts: Floats, season: Season) -> Floats:
    """This will return the amounts as they would be in an ordinary week; closed weeks are NaN."""
    return np.where(season.is_open, amounts / season.exposure, np.nan)


def numbers_of(keys: list[Any]) -> Whole:
    """This will number groups by their keys."""
    return np.unique(np.array(keys), return_inverse=True)[1].astype(np.int64).reshape(-1)
