"""The model of calls: what it may know, what it learns, and what is kept of it."""

import dataclasses
import json
from typing import Any

import numpy as np
import pytest

from journeys.scoring.rules import features, learning, model
from journeys.scoring.rules.calls import COLUMNS, TRAITS
from tests.journeys.scoring.made_calls import make_calls

needs_library = pytest.mark.skipif(
    not learning.has_library(), reason="scikit-learn (the extra `score`) is not installed"
)


def _table(calls: Any, *, with_traits: bool = True) -> features.Table:
    return features.table_of(calls, features.words_of(calls), with_traits=with_traits)


def test_how_long_a_call_took_is_no_column() -> None:
    assert COLUMNS == (
        "day", "won", "attempts", "since", "earlier", "earlier_result", "channel", "balance",
        "in_default", "has_housing_loan", "has_loan", "age", "job", "marital", "education",
    )  # fmt: skip


@pytest.mark.parametrize("row", [0, 19, 20, 39, 200, 399])
def test_no_column_knows_results_of_its_own_day_or_later(row: int) -> None:
    calls = make_calls(400)
    is_known = calls.day < calls.day[row]
    other = dataclasses.replace(calls, won=np.where(is_known, calls.won, 1 - calls.won))
    first, second = _table(calls), _table(other)
    for name in {*first.trees, *first.line}:
        here = is_known | (calls.day == calls.day[row])
        np.testing.assert_array_equal(first.values[name][here], second.values[name][here])
    # And the day before does count.
    before = dataclasses.replace(calls, won=np.where(is_known, 1 - calls.won, calls.won))
    changed = _table(before).values["recent.100"][row] != first.values["recent.100"][row]
    assert changed == bool(is_known.any())


def test_recent_shares_are_those_of_the_calls_of_earlier_days() -> None:
    calls = make_calls(300, a_day=7)
    shares = _table(calls).values["recent.100"]
    for row in range(300):
        known = [won for day, won in zip(calls.day, calls.won, strict=True) if day < calls.day[row]]
        ever = (sum(known) + 1) / (len(known) + 10)
        latest = known[-100:]
        share = (sum(latest) + 5 * ever) / (len(latest) + 5)
        assert shares[row] == pytest.approx(np.log(share / (1 - share)))


def test_calls_that_are_to_be_made_do_not_count_as_failures() -> None:
    calls = make_calls(300)
    ahead = calls.won.copy()
    ahead[200:] = np.nan
    table = _table(dataclasses.replace(calls, won=ahead))
    known = _table(calls.part(slice(0, 200)))
    assert table.values["recent.100"][299] != known.values["recent.100"][199]
    one = calls.part(slice(200, 201))
    one.won[:] = np.nan
    beside = _table(calls.part(slice(0, 200)).followed_by(one))
    assert beside.values["recent.2000"][200] == table.values["recent.2000"][299]


def test_without_traits_none_is_read() -> None:
    calls = make_calls(500)
    shuffled = dataclasses.replace(calls, **{name: getattr(calls, name)[::-1] for name in TRAITS})
    plain = learning.learn(calls, with_traits=False, may_use_trees=False)
    other = learning.learn(shuffled, with_traits=False, may_use_trees=False)
    assert model.plain_of(plain) | {"words": 0} == model.plain_of(other) | {"words": 0}
    assert not {features.fact_of(name) for name in plain.line.names} & set(TRAITS)
    with_them = learning.learn(calls, with_traits=True, may_use_trees=False)
    assert {features.fact_of(name) for name in with_them.line.names} >= set(TRAITS)


@needs_library
def test_trees_say_what_the_library_says_and_what_is_kept_says_the_same() -> None:
    calls = make_calls(1500)
    learned = learning.learn(calls, with_traits=True)  # compares with the library by itself
    assert learned.trees is not None
    kept = model.model_of(json.loads(json.dumps(model.plain_of(learned))))
    table = _table(calls)
    np.testing.assert_array_equal(kept.log_odds(table), learned.log_odds(table))
    halves = 0.5 * learned.trees.log_odds(table) + 0.5 * learned.line.log_odds(table)
    np.testing.assert_allclose(kept.log_odds(table), halves)


@needs_library
@pytest.mark.parametrize("fact", ["balance", "age", "since", "in_default"])
def test_what_a_bank_does_not_know_of_any_call_is_left_out(fact: str) -> None:
    calls = make_calls(1500)
    unknown = dataclasses.replace(calls, **{fact: np.full(1500, np.nan)})
    learned = learning.learn(unknown, with_traits=True)
    assert learned.trees is not None
    # A later call of which it is known scores as one of which it is not.
    first = learned.trees.log_odds(learned.table_of(calls))
    second = learned.trees.log_odds(learned.table_of(unknown))
    np.testing.assert_array_equal(first, second)


@needs_library
def test_the_line_is_the_logistic_regression_of_the_library() -> None:
    from sklearn.linear_model import LogisticRegression

    calls = make_calls(800)
    table = _table(calls)
    known = np.nan_to_num(table.matrix(table.line))
    names = tuple(table.line)
    weights = np.linspace(0.2, 1, len(calls))
    line = learning.fit_line(names, known, calls.won, weights)
    inputs = (known - line.mean) / line.scale
    theirs = LogisticRegression(C=0.01, tol=1e-10, max_iter=5000).fit(inputs, calls.won, weights)
    np.testing.assert_allclose(line.weights, theirs.coef_[0], atol=1e-5)
    assert line.intercept == pytest.approx(theirs.intercept_[0], abs=1e-5)


def test_it_learns_what_hangs_together_and_does_without_the_library() -> None:
    calls = make_calls(3000)
    learned = learning.learn(calls.part(slice(0, 2000)), with_traits=True, may_use_trees=False)
    assert learned.trees is None
    table = learned.table_of(calls)
    chances = learned.chances(table)[2000:]
    won = calls.won[2000:]
    assert chances[won > 0].mean() > chances[won == 0].mean() + 0.15


def _broken(**changes: Any) -> dict[str, Any]:
    tree = {
        "names": ["age", "since"], "roots": [0], "column": [0, 0, 0], "at": [30.0, 0.0, 0.0],
        "unknown_left": [0, 0, 0], "left": [1, 0, 0], "right": [2, 0, 0],
        "value": [0.0, 0.1, 0.2], "count": [9.0, 4.0, 5.0], "start": 0.0,
    }  # fmt: skip
    line = {
        "names": ["age.years"], "mean": [40.0], "scale": [9.0], "weights": [0.1], "intercept": 0.0
    }  # fmt: skip
    plain: dict[str, Any] = {
        "format": 1, "with_traits": True, "words": {}, "line": line, "trees": tree,
    }  # fmt: skip
    for path, value in changes.items():
        part, _dash, name = path.partition("__")
        if name:
            plain[part] = plain[part] | {name: value}
        else:
            plain[part] = value
    return plain


def test_what_is_sound_is_read() -> None:
    assert model.model_of(_broken()).trees is not None
    assert model.model_of(_broken(trees=None)).trees is None


@pytest.mark.parametrize("changes", [
    {"format": 2}, {"line": {}}, {"words": None}, {"line__mean": [1.0, 2.0]},
    {"line__scale": [0.0]}, {"line__weights": [float("nan")]}, {"trees__left": [0.0]},
    {"trees__left": [1, 1, 0]}, {"trees__right": [9, 0, 0]}, {"trees__roots": [3]},
    {"trees__column": [2, 0, 0]}, {"trees__at": ["x", 0, 0]},
    {"trees__value": [0, float("nan"), 0]}, {"trees__start": float("inf")},
    {"line__intercept": float("nan")},
])  # fmt: skip
def test_what_cannot_be_a_model_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(model.ModelUnreadable):
        model.model_of(_broken(**changes))
