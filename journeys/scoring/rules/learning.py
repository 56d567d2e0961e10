"""Learning from calls: the line by Newton's way, the trees by scikit-learn (the extra `score`).

What is set here was chosen by `benchmarks/lead_score` on calls before those it reports on.
"""

import importlib.util
from typing import Any

import numpy as np

from journeys.scoring.rules.calls import Calls, Numbers
from journeys.scoring.rules.features import Table, table_of, words_of
from journeys.scoring.rules.model import Line, Model, Trees

WINDOW = 20_000  # the latest calls that a model learns from
HALF_LIFE = 4_000  # calls after which one counts half
# How strongly the line's weights are held to 0, and when its steps are small enough.
_RIDGE, _STEPS, _CLOSE = 100.0, 50, 1e-8
# Sets of trees, each drawn by another seed, whose mean is taken.
SEEDS = (1, 2, 3)
_BOOSTING = {
    "max_iter": 150, "learning_rate": 0.05, "max_leaf_nodes": 4, "min_samples_leaf": 30,
    "max_features": 0.4, "l2_regularization": 5.0, "early_stopping": False,
}  # fmt: skip


class TreesDiffer(Exception):
    """Raised where the trees that were taken out of the library do not say what it says: a version
    of it that keeps them in another way."""


def has_library() -> bool:
    """This will tell whether trees can be fitted here."""
    return importlib.util.find_spec("sklearn") is not None


def learn(calls: Calls, *, with_traits: bool, may_use_trees: bool = True) -> Model:
    """This will train a model on the latest of these calls, all of which have a result."""
    words = words_of(calls.part(slice(-WINDOW, None)))
    table = table_of(calls, words, with_traits=with_traits)
    return learn_from(table, calls.won, words, with_traits=with_traits, may_use_trees=may_use_trees)


def learn_from(
    table: Table,
    won: Numbers,
    words: dict[str, list[str]],
    *,
    with_traits: bool,
    may_use_trees: bool = True,
) -> Model:
    """This will train a model on the columns of calls that were made already."""
    kept = slice(-WINDOW, None)
    won = won[kept]
    weights = 0.5 ** (np.arange(len(won))[::-1] / HALF_LIFE)
    line = fit_line(table.line, table.matrix(table.line)[kept], won, weights)
    trees = None
    if may_use_trees and has_library():
        trees = fit_trees(table.trees, table.matrix(table.trees)[kept], won, weights)
    return Model(with_traits, words, line, trees)


def fit_line(names: tuple[str, ...], columns: Numbers, won: Numbers, weights: Numbers) -> Line:
    """This will fit a logistic regression with a ridge over standardised columns."""
    known = ~np.isnan(columns)
    counts = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, columns, 0.0).sum(axis=0) / counts
    spread = np.where(known, columns - mean, 0.0)
    scale = np.sqrt((spread**2).sum(axis=0) / counts)
    scale[scale < 1e-9] = 1.0
    inputs = np.column_stack([spread / scale, np.ones(len(won))])
    ridge = np.append(np.full(len(names), _RIDGE), 0.0)
    share = np.clip(np.average(won, weights=weights), 1e-3, 1 - 1e-3)
    found = np.append(np.zeros(len(names)), np.log(share / (1 - share)))
    for _step in range(_STEPS):
        chance = 1 / (1 + np.exp(-inputs @ found))
        slope = inputs.T @ (weights * (chance - won)) + ridge * found
        curve = (inputs * (weights * chance * (1 - chance))[:, None]).T @ inputs
        step = np.linalg.solve(curve + np.diag(ridge + 1e-9), slope)
        found = found - step
        if np.abs(step).max() < _CLOSE:
            break
    return Line(names, mean, scale, found[:-1], float(found[-1]))


def fit_trees(names: tuple[str, ...], columns: Numbers, won: Numbers, weights: Numbers) -> Trees:
    """This will fit boosted trees and take them out of the library as plain lists."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    # The library fails at a column of which nothing is known; at one value no tree can cut.
    taught = np.where(np.isnan(columns).all(axis=0), 0.0, columns)
    # Small as these are, threads that wait for one another take longer than one alone.
    with threadpool_limits(1):
        makers = [
            HistGradientBoostingClassifier(random_state=seed, **_BOOSTING).fit(taught, won, weights)
            for seed in SEEDS
        ]
    trees = _taken_out(names, makers)
    seen = columns[-200:]
    asked = np.mean([maker.decision_function(seen) for maker in makers], axis=0)
    values = dict(zip(names, seen.T, strict=True))
    if not np.allclose(trees.log_odds(Table(values, names, ())), asked, rtol=0, atol=1e-9):
        raise TreesDiffer
    return trees


def _taken_out(names: tuple[str, ...], makers: list[Any]) -> Trees:
    """The trees of all makers, as those of one that says their mean."""
    every = [step[0].nodes for maker in makers for step in maker._predictors]
    roots = np.cumsum([0, *(len(nodes) for nodes in every[:-1])])
    nodes = np.concatenate(every)
    starts = np.repeat(roots, [len(one) for one in every])
    is_leaf = nodes["is_leaf"] > 0
    return Trees(
        names=names,
        roots=roots,
        column=np.where(is_leaf, 0, nodes["feature_idx"]).astype(np.int64),
        at=np.where(is_leaf, 0.0, _finite(nodes["num_threshold"])),
        unknown_left=nodes["missing_go_to_left"].astype(np.int64),
        left=np.where(is_leaf, 0, nodes["left"] + starts).astype(np.int64),
        right=np.where(is_leaf, 0, nodes["right"] + starts).astype(np.int64),
        value=np.where(is_leaf, nodes["value"] / len(makers), 0.0),
        count=nodes["count"].astype(float),
        start=float(np.mean([maker._baseline_prediction.item() for maker in makers])),
    )


def _finite(thresholds: Numbers) -> Numbers:
    """A cut between what is known and what is not lies at infinity, which JSON does not have."""
    return np.clip(thresholds, -1e300, 1e300)
