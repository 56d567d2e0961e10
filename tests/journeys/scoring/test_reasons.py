"""Reasons add up to the score, and are Shapley values, counted by all orders of the facts."""

import itertools

import numpy as np
import pytest

from journeys.scoring.rules import features, learning, reasons
from journeys.scoring.rules.model import Model, Trees
from tests.journeys.scoring.made_calls import make_calls

needs_library = pytest.mark.skipif(
    not learning.has_library(), reason="scikit-learn (the extra `score`) is not installed"
)
# Column 0 is asked for twice: by the root and once more below.
TREES = Trees(
    names=("age", "since", "channel=mobile"),
    roots=np.array([0, 7]),
    column=np.array([0, 1, 0, 0, 0, 0, 0, 2, 0, 0]),
    at=np.array([40.0, 90.0, 60.0, 0, 0, 0, 0, 0.5, 0, 0]),
    unknown_left=np.array([0, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
    left=np.array([1, 3, 5, 0, 0, 0, 0, 8, 0, 0]),
    right=np.array([2, 4, 6, 0, 0, 0, 0, 9, 0, 0]),
    value=np.array([0, 0, 0, 1.0, -2.0, 0.5, 4.0, 0, 0.25, -0.75]),
    count=np.array([10.0, 6, 4, 2, 4, 3, 1, 10, 7, 3]),
    start=0.125,
)


def _game(trees: Trees, here: dict[str, float], known: set[str]) -> float:
    """What the trees give where only these facts are known: all leaves, by the share of the calls
    of the training that came there among those that the known facts let pass."""

    def below(node: int) -> float:
        if not trees.left[node]:
            return float(trees.value[node])
        ways = (int(trees.left[node]), int(trees.right[node]))
        name = trees.names[trees.column[node]]
        if features.fact_of(name) in known:
            value = here[name]
            left = bool(trees.unknown_left[node]) if np.isnan(value) else value <= trees.at[node]
            return below(ways[0] if left else ways[1])
        whole = sum(trees.count[way] for way in ways)
        return sum(float(trees.count[way] / whole) * below(way) for way in ways)

    return trees.start + sum(below(int(root)) for root in trees.roots)


@pytest.mark.parametrize("here", [
    {"age": 30.0, "since": 100.0, "channel=mobile": 1.0},
    {"age": 70.0, "since": np.nan, "channel=mobile": 0.0},
    {"age": 50.0, "since": 20.0, "channel=mobile": 1.0},
])  # fmt: skip
def test_trees_are_explained_by_all_orders_of_the_facts(here: dict[str, float]) -> None:
    facts = ("age", "since", "channel")
    expected = dict.fromkeys(facts, 0.0)
    orders = list(itertools.permutations(facts))
    for order in orders:
        for place, fact in enumerate(order):
            before = set(order[:place])
            added = _game(TREES, here, before | {fact}) - _game(TREES, here, before)
            expected[fact] += added / len(orders)
    average, found = reasons._of_trees(TREES, np.array([here[name] for name in TREES.names]))
    assert average == pytest.approx(_game(TREES, here, set()))
    assert found == pytest.approx(expected)


@needs_library
@pytest.mark.parametrize("with_traits", [True, False])
def test_reasons_add_up_to_the_score(with_traits: bool) -> None:
    calls = make_calls(1500)
    model = learning.learn(calls, with_traits=with_traits)
    table = model.table_of(calls)
    for row in (0, 700, 1499):
        explained = reasons.explain(model, table, row)
        whole = explained.average + sum(explained.facts.values())
        assert whole == pytest.approx(model.log_odds(table)[row])
        assert ("age" in explained.facts) == with_traits


def test_what_promises_most_is_named_first() -> None:
    calls = make_calls(3000)
    model: Model = learning.learn(calls, with_traits=True, may_use_trees=False)
    row = int(np.flatnonzero((calls.earlier_result == "success") & (calls.age < 60))[-1])
    facts = reasons.explain(model, model.table_of(calls), row).facts
    assert max(facts, key=lambda fact: facts[fact]) == "earlier_result"
