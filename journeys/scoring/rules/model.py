"""A trained model: numbers and nothing else, kept as JSON, used with numpy alone.

Its log odds are the mean of two: a straight line over standardised columns, and the sum of many
small trees. Nothing in what is kept can run, and what is read is checked before it is used.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from journeys.scoring.rules.calls import Calls, Numbers
from journeys.scoring.rules.features import Table, table_of

FORMAT = 1
# The part of the trees in the log odds, where there are any.
OF_TREES = 0.5
_ROWS_AT_ONCE = 4_000
_MOST_NODES = 200_000

Places = NDArray[np.int64]


class ModelUnreadable(Exception):
    """Raised for what is kept of a model and cannot be one."""


@dataclass(frozen=True)
class Line:
    """A logistic regression over standardised columns; what is not known counts as the mean."""

    names: tuple[str, ...]
    mean: Numbers
    scale: Numbers
    weights: Numbers
    intercept: float

    def parts(self, table: Table) -> Numbers:
        """What each column adds to the log odds of each call, against the mean of the column."""
        columns = (table.matrix(self.names) - self.mean) / self.scale
        return np.asarray(np.where(np.isnan(columns), 0.0, columns) * self.weights)

    def log_odds(self, table: Table) -> Numbers:
        """The log odds of each call."""
        return np.asarray(self.parts(table).sum(axis=1) + self.intercept)


@dataclass(frozen=True)
class Trees:
    """Many small trees in a row of nodes: a node without children (`left` is 0) is a leaf with a
    `value`; others send what is at most `at` to the left. Children come after their parent. `count`
    is how many calls of the training came by."""

    names: tuple[str, ...]
    roots: Places
    column: Places
    at: Numbers
    unknown_left: Places
    left: Places
    right: Places
    value: Numbers
    count: Numbers
    start: float

    def log_odds(self, table: Table) -> Numbers:
        """The log odds of each call."""
        columns = table.matrix(self.names)
        parts = range(0, len(columns), _ROWS_AT_ONCE)
        sums = [self._sums(columns[first : first + _ROWS_AT_ONCE]) for first in parts]
        return np.concatenate(sums) + self.start if sums else np.empty(0)

    def _sums(self, columns: Numbers) -> Numbers:
        rows = np.arange(len(columns))[:, None]
        node = np.broadcast_to(self.roots, (len(columns), len(self.roots)))
        while True:
            is_inner = self.left[node] > 0
            if not is_inner.any():
                return np.asarray(self.value[node].sum(axis=1))
            seen = columns[rows, self.column[node]]
            goes_left = np.where(np.isnan(seen), self.unknown_left[node] > 0, seen <= self.at[node])
            further = np.where(goes_left, self.left[node], self.right[node])
            node = np.where(is_inner, further, node)


@dataclass(frozen=True)
class Model:
    """What was learned: the words it knows of each column, the line, and trees where the library
    that fits them was there."""

    with_traits: bool
    words: Mapping[str, list[str]]
    line: Line
    trees: Trees | None

    def table_of(self, calls: Calls) -> Table:
        """The columns of calls as this model reads them. Raises ModelUnreadable where it asks for
        others."""
        try:
            table = table_of(calls, self.words, with_traits=self.with_traits)
        except KeyError as word:
            raise ModelUnreadable(f"no words of {word}") from word
        wanted = {*self.line.names, *(self.trees.names if self.trees else ())}
        if missing := wanted - set(table.values):
            raise ModelUnreadable(f"there are no columns {sorted(missing)}")
        return table

    def log_odds(self, table: Table) -> Numbers:
        """The log odds of success of each call."""
        line = self.line.log_odds(table)
        if self.trees is None:
            return line
        return np.asarray(OF_TREES * self.trees.log_odds(table) + (1 - OF_TREES) * line)

    def chances(self, table: Table) -> Numbers:
        """The chance of success of each call."""
        return np.asarray(1 / (1 + np.exp(-self.log_odds(table))))


# --- as it is kept --------------------------------------------------------------------------------
_LISTS = ("roots", "column", "at", "unknown_left", "left", "right", "value", "count")
_WHOLE = ("roots", "column", "unknown_left", "left", "right")


def plain_of(model: Model) -> dict[str, Any]:
    """This will return the model as plain lists and numbers, for JSON."""
    line, trees = model.line, model.trees
    return {
        "format": FORMAT,
        "with_traits": model.with_traits,
        "words": {name: list(words) for name, words in model.words.items()},
        "line": {
            "names": list(line.names),
            "mean": line.mean.tolist(),
            "scale": line.scale.tolist(),
            "weights": line.weights.tolist(),
            "intercept": line.intercept,
        },
        "trees": None if trees is None else {
            "names": list(trees.names), "start": trees.start,
            **{name: getattr(trees, name).tolist() for name in _LISTS},
        },
    }  # fmt: skip


def model_of(plain: Mapping[str, Any]) -> Model:
    """This will read what `plain_of` returned; it refuses what cannot be a model."""
    try:
        if plain["format"] != FORMAT:
            raise ModelUnreadable(f"format {plain['format']!r} is not {FORMAT}")
        trees = plain["trees"]
        return Model(
            with_traits=bool(plain["with_traits"]),
            words={str(name): [str(w) for w in words] for name, words in plain["words"].items()},
            line=_line_of(plain["line"]),
            trees=None if trees is None else _trees_of(trees),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        raise ModelUnreadable(str(problem)) from problem


def _line_of(plain: Mapping[str, Any]) -> Line:
    names = tuple(str(name) for name in plain["names"])
    lists = [np.array(plain[name], dtype=float) for name in ("mean", "scale", "weights")]
    if any(one.shape != (len(names),) or not np.isfinite(one).all() for one in lists):
        raise ModelUnreadable("the line's figures do not go with its columns")
    if (lists[1] <= 0).any():
        raise ModelUnreadable("the line's scales are not above 0")
    mean, scale, weights = lists
    return Line(names, mean, scale, weights, _figure(plain["intercept"]))


def _trees_of(plain: Mapping[str, Any]) -> Trees:
    names = tuple(str(name) for name in plain["names"])
    lists = {name: np.array(plain[name], dtype=float) for name in _LISTS}
    if not all(np.isfinite(one).all() for one in lists.values()):
        raise ModelUnreadable("the trees hold what is no number")
    lists |= {name: lists[name].astype(np.int64) for name in _WHOLE}
    sizes = {len(lists[name]) for name in _LISTS if name != "roots"}
    if len(sizes) != 1 or not 0 < (size := sizes.pop()) <= _MOST_NODES:
        raise ModelUnreadable("the trees' lists differ in length")
    inner = np.flatnonzero(lists["left"] > 0)
    roots, column = lists["roots"], lists["column"]
    children = np.concatenate([lists["left"][inner], lists["right"][inner]])
    is_sound = (
        (children > np.concatenate([inner, inner])).all()  # so every walk comes to an end
        and (children < size).all()
        and ((roots >= 0) & (roots < size)).all()
        and ((column >= 0) & (column < len(names))).all()
    )
    if not is_sound:
        raise ModelUnreadable("a tree points outside itself")
    return Trees(names, **lists, start=_figure(plain["start"]))


def _figure(value: Any) -> float:
    if not np.isfinite(figure := float(value)):
        raise ModelUnreadable(f"{value!r} is no number")
    return figure
