"""What each merchant's weeks show: steady, lastingly lower or higher, or not enough to tell."""

from dataclasses import dataclass

import numpy as np

from merchants.evidence.rules import chance, noise, scan, seasons
from merchants.evidence.rules.seasons import Flags, Floats, Season, Whole
from merchants.evidence.rules.thresholds import (
    CLOSED_WEEKS,
    FEWEST_POSTINGS,
    FEWEST_WEEKS,
    SMALLEST_CHANGE,
    UNEVEN,
)

_STILL = 3  # weeks, the latest open ones: most must be nearer to the new level than to the old
_NOW = 8  # weeks whose mean is the level of now
_QUARTER = 13


@dataclass(frozen=True)
class Weekly:
    """What is judged, all merchants at once: net turnover (CNY) and number of postings, arrays of
    merchants x weeks; the numbers of their narrow and wide groups. `silent` is of each how many of
    the latest weeks its sources told nothing of, of anybody (a file that is late): of them nothing
    is known, and no turnover is none that fell away. None: they told of all weeks."""

    amounts: Floats
    postings: Floats
    groups: Whole
    wide_groups: Whole
    silent: Whole | None = None


@dataclass(frozen=True)
class Judged:
    """What was found, an array each. Flags tell the states, in this order of precedence:
    `is_closed` (no turnover for weeks: a fall to nothing), `is_not_enough`, `is_fall`, `is_rise`.
    `change` is the likeliest fall or rise, whichever is likelier. Levels are CNY in an ordinary
    week; `trend` a share of the level a year; `yearly` what the change makes in a year (CNY);
    `finest` the smallest fall that a quarter would show; `even` the weeks without season;
    `closed_weeks` those without turnover at the end, but for the `silent` ones after them."""

    season: Season
    even: Floats
    change: scan.Change
    is_closed: Flags
    is_not_enough: Flags
    is_fall: Flags
    is_rise: Flags
    level: Floats
    trend: Floats
    yearly: Floats
    finest: Floats
    weeks: Whole
    postings: Floats
    closed_weeks: Whole
    silent: Whole


def judge(weekly: Weekly) -> Judged:
    """This will judge all merchants by their weeks, the last one being the latest."""
    season = seasons.season_of(weekly.amounts, weekly.groups, weekly.wide_groups)
    found = noise.noise_of(weekly.amounts, season, weekly.groups)
    even = seasons.without_season(weekly.amounts, season)
    falls, rises = (scan.find_changes(season, found, is_fall) for is_fall in (True, False))
    change = _likelier(falls, rises)
    silent = np.zeros(len(even), dtype=np.int64) if weekly.silent is None else weekly.silent
    weeks, postings = _history(weekly, silent)
    closed = _closed_weeks(season, weekly.amounts, silent)
    is_closed = (closed >= CLOSED_WEEKS) & (weeks - closed >= FEWEST_WEEKS)
    finest = _finest(season, found)
    is_few = (weeks < FEWEST_WEEKS) | (postings < FEWEST_POSTINGS)
    is_not_enough = ~is_closed & (is_few | (np.abs(finest) > UNEVEN))
    is_alarm = (np.abs(change.score) >= chance.ALARM) & ~is_closed & ~is_not_enough
    is_alarm &= (np.abs(change.share) >= SMALLEST_CHANGE) & _still(even, change)
    weekly_change = change.after - change.before
    yearly = np.where(is_closed, -_latest_mean(even, scan.LATEST_YEAR), weekly_change)
    return Judged(
        season, even, change, is_closed, is_not_enough,
        is_alarm & (change.score < 0), is_alarm & (change.score > 0),
        np.where(is_closed, 0.0, _latest_mean(even, _NOW)), _trend(even),
        yearly * _exposure_of_year(season), finest, weeks, postings, closed, silent,
    )  # fmt: skip


def _likelier(falls: scan.Change, rises: scan.Change) -> scan.Change:
    is_rise = np.abs(rises.score) > np.abs(falls.score)
    pairs = zip(vars(falls).values(), vars(rises).values(), strict=True)
    return scan.Change(*(np.where(is_rise, rise, fall) for fall, rise in pairs))


def _history(weekly: Weekly, silent: Whole) -> tuple[Whole, Floats]:
    """Weeks since the first turnover that were told, and postings in the mean one of the latest
    year."""
    known = np.maximum.accumulate(weekly.amounts > 0, axis=1)
    weeks = np.maximum(known.sum(axis=1) - silent, 0)
    latest = known[:, -scan.LATEST_YEAR :].sum(axis=1) - silent
    count = weekly.postings[:, -scan.LATEST_YEAR :].sum(axis=1)
    return weeks.astype(np.int64), count / np.maximum(latest, 1)


def _closed_weeks(season: Season, amounts: Floats, silent: Whole) -> Whole:
    """Weeks at the end, one after the other, in which the merchant was as good as closed; the
    silent ones say nothing."""
    is_shut = ~season.is_open & np.maximum.accumulate(amounts > 0, axis=1)
    run = np.cumprod(is_shut[:, ::-1], axis=1).sum(axis=1).astype(np.int64)
    return np.asarray(np.maximum(run - silent, 0))


def _finest(season: Season, found: noise.Noise) -> Floats:
    """The smallest fall that would be an alarm after a quarter: from the spread of the logarithm
    of two sums, a year's and a quarter's, as in `scan`."""
    year = slice(-scan.LATEST_YEAR, None)
    taken = np.maximum(found.calm[:, year].sum(axis=1), 1e-9)
    spread = found.dispersion * (1 / taken + scan.LATEST_YEAR / _QUARTER / taken)
    return np.asarray(np.expm1(-chance.ALARM * np.sqrt(spread)))


def _latest(even: Floats, count: int) -> Flags:
    """The latest `count` open weeks."""
    is_open = ~np.isnan(even)
    later = np.cumsum(is_open[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(is_open & (later <= count))


def _latest_mean(even: Floats, count: int) -> Floats:
    taken = _latest(even, count)
    total = np.where(taken, even, 0.0).sum(axis=1)
    return np.asarray(total / np.maximum(taken.sum(axis=1), 1))


def _still(even: Floats, change: scan.Change) -> Flags:
    """Whether most of the latest weeks, and their mean, are on the new side of halfway between the
    old and the new level: what was over before it was found lasts no more, and one odd week is no
    change."""
    halfway = (change.before + change.after) / 2
    sign = np.where(change.score < 0, 1.0, -1.0)
    is_beyond = sign[:, None] * (even - halfway[:, None]) <= 0
    count = (is_beyond & _latest(even, _STILL)).sum(axis=1)
    now = sign * (_latest_mean(even, _STILL) - halfway) <= 0
    return np.asarray(now & (2 * count > _STILL))


def _trend(even: Floats) -> Floats:
    """The least-squares slope of the latest year's open weeks, as a share of their mean a year."""
    values = even[:, -scan.LATEST_YEAR :]
    is_open = ~np.isnan(values)
    count = np.maximum(is_open.sum(axis=1), 1)[:, None]
    time = np.broadcast_to(np.arange(values.shape[1], dtype=float), values.shape)
    time = np.where(is_open, time - (time * is_open).sum(axis=1, keepdims=True) / count, 0.0)
    mean = np.where(is_open, values, 0.0).sum(axis=1, keepdims=True) / count
    apart = np.where(is_open, values - mean, 0.0)
    slope = (time * apart).sum(axis=1) / np.maximum((time**2).sum(axis=1), 1e-9)
    return np.asarray(slope * 52 / np.maximum(mean[:, 0], 1e-9))


def _exposure_of_year(season: Season) -> Floats:
    """How many ordinary weeks the latest year was worth, season and holidays counted."""
    return np.asarray(season.exposure[:, -scan.LATEST_YEAR :].mean(axis=1) * 52)
