"""Why a model gives a call its chance: what each fact adds to the log odds.

Shapley values, exact for this model: those of the mean of line and trees are the mean of theirs.
Of the line a fact adds what its columns add against their means. Of a tree it adds its Shapley
value in the game in which a fact that is not looked at sends a call down both ways, by the shares
of the training calls that went there (Lundberg and others 2020, Nature Machine Intelligence 2:
"tree path dependent"). A tree of four leaves asks for at most three facts, so all orders are
counted through.
Nothing of a call of the training is kept for this, only how many calls came by each node.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np

from journeys.scoring.rules.calls import Numbers
from journeys.scoring.rules.features import Table, fact_of
from journeys.scoring.rules.model import OF_TREES, Model, Trees


@dataclass(frozen=True)
class Explained:
    """The log odds of a call: what an average one has, and what each fact adds to it."""

    average: float
    facts: Mapping[str, float]


def explain(model: Model, table: Table, row: int) -> Explained:
    """This will explain one call. The parts add up to its log odds."""
    part = OF_TREES if model.trees is not None else 0.0
    facts: dict[str, float] = {}
    for name, value in zip(
        model.line.names, model.line.parts(table.part(slice(row, row + 1)))[0], strict=True
    ):
        facts[fact_of(name)] = facts.get(fact_of(name), 0.0) + (1 - part) * float(value)
    average = (1 - part) * model.line.intercept
    if model.trees is not None:
        here = table.matrix(model.trees.names)[row]
        mean, added = _of_trees(model.trees, here)
        average += part * mean
        for fact, value in added.items():
            facts[fact] = facts.get(fact, 0.0) + part * value
    return Explained(average, facts)


def _of_trees(trees: Trees, here: Numbers) -> tuple[float, dict[str, float]]:
    facts = [fact_of(name) for name in trees.names]
    mean, added = trees.start, dict.fromkeys(facts, 0.0)
    for root in trees.roots:
        asked = sorted(_asked(trees, int(root), facts))
        worth = {
            known: _expected(trees, int(root), here, facts, frozenset(known))
            for size in range(len(asked) + 1)
            for known in combinations(asked, size)
        }
        mean += worth[()]
        for fact in asked:
            added[fact] += _shapley(fact, asked, worth)
    return mean, added


def _asked(trees: Trees, node: int, facts: Sequence[str]) -> set[str]:
    """The facts that a tree asks for, below a node."""
    if not trees.left[node]:
        return set()
    below = _asked(trees, int(trees.left[node]), facts)
    return below | _asked(trees, int(trees.right[node]), facts) | {facts[trees.column[node]]}


def _expected(
    trees: Trees, node: int, here: Numbers, facts: Sequence[str], known: frozenset[str]
) -> float:
    """What a tree gives on average to calls of which the known facts are as they are here."""
    if not trees.left[node]:
        return float(trees.value[node])
    left, right = int(trees.left[node]), int(trees.right[node])
    column = trees.column[node]
    if facts[column] in known:
        seen = here[column]
        goes_left = trees.unknown_left[node] if np.isnan(seen) else seen <= trees.at[node]
        return _expected(trees, left if goes_left else right, here, facts, known)
    share = trees.count[left] / (trees.count[left] + trees.count[right])
    return float(
        share * _expected(trees, left, here, facts, known)
        + (1 - share) * _expected(trees, right, here, facts, known)
    )


def _shapley(fact: str, asked: Sequence[str], worth: Mapping[tuple[str, ...], float]) -> float:
    others, count = [one for one in asked if one != fact], len(asked)
    found = 0.0
    for size in range(count):
        weight = factorial(size) * factorial(count - size - 1) / factorial(count)
        for known in combinations(others, size):
            found += weight * (worth[tuple(sorted((*known, fact)))] - worth[known])
    return found
