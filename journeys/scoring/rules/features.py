"""What the model reads of a call: columns of figures made from `Calls`.

Of outcomes a column holds only those of calls on earlier days than its own: what came of the calls
of the same day is not taken as known, whatever their order.

The season is told by the place in the year on a circle, not by months as such: months as words let
a model learn the successes of one year's campaign by heart.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from journeys.scoring.rules.calls import TRAITS, Calls, Days, Numbers, Words

# Over how many calls the share of successes is taken, and how many calls of the share of all that
# went before are added to it, so that few calls say little.
RECENT, STEADY = (30, 100, 400, 2000), 5.0
# Days since the last contact: a month or two, and around a quarter and half a year, when what was
# agreed upon for such a term comes to its end.
_SINCE = (60, 88, 100, 175, 190, 365)
_YOUNG, _OLD = 25, 60
# A word that fewer calls have is not told from the other rare ones.
LEAST_CALLS = 50
CODED = ("earlier_result", "channel", "job", "marital", "education")
_YES_OR_NO = ("in_default", "has_housing_loan", "has_loan")


@dataclass(frozen=True)
class Table:
    """Columns by name. `names` are those of the trees and of the line, which share some."""

    values: Mapping[str, Numbers]
    trees: tuple[str, ...]
    line: tuple[str, ...]

    def matrix(self, names: Sequence[str]) -> Numbers:
        """The named columns, side by side."""
        return np.column_stack([self.values[name] for name in names])

    def part(self, rows: slice) -> "Table":
        """The columns of some of the calls."""
        cut = {name: values[rows] for name, values in self.values.items()}
        return Table(cut, self.trees, self.line)


def words_of(calls: Calls) -> dict[str, list[str]]:
    """This will return, for each column of words, those that enough calls have, in order."""
    found = {}
    for name in CODED:
        words, counts = np.unique(getattr(calls, name), return_counts=True)
        found[name] = [str(w) for w, n in zip(words, counts, strict=True) if w and n >= LEAST_CALLS]
    return found


def table_of(calls: Calls, words: Mapping[str, Sequence[str]], *, with_traits: bool) -> Table:
    """This will make the columns of all calls; without `with_traits` no trait is even read."""
    shared = _shared(calls) | _rates(calls)
    for name in CODED:
        if with_traits or name not in TRAITS:
            shared |= _coded(getattr(calls, name), name, words[name])
    trees = shared | _plain(calls, with_traits=with_traits)
    line = shared | _bent(calls, with_traits=with_traits)
    return Table(trees | line, tuple(trees), tuple(line))


def fact_of(name: str) -> str:
    """This will return the fact that a column tells of: "since.88" and "since" of the same."""
    return name.partition("=")[0].partition(".")[0]


def _shared(calls: Calls) -> dict[str, Numbers]:
    turn = 2 * np.pi * np.array([_place_in_year(day) for day in calls.day])
    return {
        **{name: getattr(calls, name) for name in _YES_OR_NO},
        "season.sin": np.sin(turn),
        "season.cos": np.cos(turn),
    }


def _place_in_year(day: int) -> float:
    on = date.fromordinal(int(day))
    return (on.month + on.day / 31) / 12


def _plain(calls: Calls, *, with_traits: bool) -> dict[str, Numbers]:
    """As it stands: trees cut it where they like."""
    found = {
        "balance": calls.balance,
        "attempts": calls.attempts,
        "since": calls.since,
        "earlier": calls.earlier,
        "weekday": (calls.day % 7).astype(float),
        **{f"more.{name}": values for name, values in calls.more.items()},
    }
    return found | ({"age": calls.age} if with_traits else {})


def _bent(calls: Calls, *, with_traits: bool) -> dict[str, Numbers]:
    """Bent and cut into steps, so that a straight line can follow."""
    steps = (-np.inf, *_SINCE, np.inf)
    found = {
        "balance.log": np.sign(calls.balance) * np.log1p(np.abs(calls.balance)),
        "attempts.log": np.log(np.maximum(calls.attempts, 1)),
        "earlier.log": np.log1p(calls.earlier),
        **{
            f"since.{low:.0f}": ((calls.since >= low) & (calls.since < high)).astype(float)
            for low, high in itertools.pairwise(steps)
        },
        **{f"weekday.{day}": (calls.day % 7 == day).astype(float) for day in range(1, 5)},
    }
    if with_traits:
        found["age.years"] = calls.age
        found["age.young"] = (calls.age < _YOUNG).astype(float)
        found["age.old"] = (calls.age >= _OLD).astype(float)
    return found


def _coded(column: Words, name: str, words: Sequence[str]) -> dict[str, Numbers]:
    return {f"{name}={word}": (column == word).astype(float) for word in words}


# --- what came of the calls before ----------------------------------------------------------------
def _rates(calls: Calls) -> dict[str, Numbers]:
    """The share of successes among the last calls of earlier days, as log odds."""
    known = ~np.isnan(calls.won)
    before = _known_before(calls.day, known)
    sums = np.concatenate([[0.0], np.cumsum(calls.won[known])])
    ever = (sums[before] + 1) / (before + 10)
    share = {span: _share(sums, before, span, ever) for span in RECENT}
    # The shortest span alone is mostly chance.
    share[RECENT[0]] = 0.7 * share[RECENT[0]] + 0.3 * share[RECENT[2]]
    return {f"recent.{span}": log_odds(share[span]) for span in RECENT}


def _known_before(day: Days, known: Words) -> Days:
    """How many calls with a result there are on the days before each call's. Days are in order."""
    return np.searchsorted(day[known], day, side="left")


def _share(sums: Numbers, before: Days, span: int, ever: Numbers) -> Numbers:
    first = np.maximum(before - span, 0)
    found = sums[before] - sums[first] + STEADY * ever
    return np.asarray(found / (before - first + STEADY))


def log_odds(share: Numbers) -> Numbers:
    """This will turn shares into log odds; 0 and 1 are held off a little."""
    kept = np.clip(share, 0.002, 0.998)
    return np.asarray(np.log(kept / (1 - kept)))
