"""Every kind of condition: the SQL says what plain Python says, about thousands of customers."""

import random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from campaigns.conditions.rules import kinds
from tests.campaigns.conditions import asking, kinds_oracle, oracle, strategies, worlds, writing

pytestmark = pytest.mark.django_db
CUSTOMERS = 60
# A world is too big to be shrunk; the seed and the rule that fail are enough to look at.
in_bulk = settings(
    deadline=None, suppress_health_check=list(HealthCheck), derandomize=True,
    phases=[Phase.explicit, Phase.generate],
)  # fmt: skip
seeds = st.integers(0, 10**9)


def seen(world: worlds.World) -> dict[str, Any]:
    """The world as the oracle wants it."""
    return world | {
        "branches": worlds.BRANCHES, "merchants": worlds.MERCHANTS, "merged": worlds.MERGED,
        "categories": worlds.CATEGORIES, "zone": worlds.ZONE, "rules": worlds.RULES,
    }  # fmt: skip


def test_the_oracle_knows_every_kind() -> None:
    assert set(kinds_oracle.KINDS) == set(kinds.KINDS)
    assert set(strategies.by_kind(worlds.STARTS[0])) == set(kinds.KINDS)
    assert {kind.kind for kind in kinds.KINDS.values() if kind.is_expensive} == kinds_oracle.DEAR


def test_the_worlds_hold_who_meets_each_kind_and_who_does_not() -> None:
    found: dict[tuple[str, bool], int] = {}

    @settings(in_bulk, max_examples=90)
    @given(seed=seeds, data=st.data())
    def look(seed: int, data: st.DataObject) -> None:
        world = seen(worlds.make(seed, 10))
        for kind, one in strategies.by_kind(world["start"]).items():
            leaf = data.draw(one)
            for card in world["cards"]:
                is_met = kinds_oracle.KINDS[kind](leaf, card, world, world["on"])[0]
                found[kind, is_met] = found.get((kind, is_met), 0) + 1

    look()
    assert set(found) == {(kind, is_met) for kind in kinds.KINDS for is_met in (True, False)}
    assert {key: n for key, n in found.items() if n < 10} == {}


@settings(in_bulk, max_examples=12)
@given(seed=seeds, data=st.data())
def test_every_kind_says_what_the_oracle_says(seed: int, data: st.DataObject) -> None:
    world = worlds.make(seed, CUSTOMERS)
    each = strategies.by_kind(world["start"]).values()
    leaves = [data.draw(one) for one in each for _number in range(2)]
    with transaction.atomic():
        writing.write(world)
        found = asking.found_of(leaves, world["on"])
        transaction.set_rollback(True)
    view = seen(world)
    for card in world["cards"]:
        for leaf, says in zip(leaves, found[card["id"]], strict=True):
            expected = kinds_oracle.KINDS[leaf["kind"]](leaf, card, view, world["on"])
            assert [says.is_met, says.value] == expected, (leaf, card, world["on"])


@pytest.mark.parametrize(
    ("numbers", "is_merged"),
    [(["M4"], True), (["M1"], True), (["M8", "M9"], True), (["M2"], False)],
)
def test_merged_merchants_count_as_one(numbers: list[str], *, is_merged: bool) -> None:
    world = worlds.make(7, 4 * CUSTOMERS)
    asked: dict[str, Any] = {
        "days": 60, "last_day": "inside", "at_least": 1, "merchants": numbers,
    }  # fmt: skip
    leaves = [
        {**asked, "kind": "spending_in_window", "at_least": "0.01"},
        {**asked, "kind": "spending_in_window", "at_least": "0.01", "refunds": "of_purchases"},
        {**asked, "kind": "purchases_in_window"},
        {**asked, "kind": "spending_days_in_window"},
    ]
    with transaction.atomic():
        writing.write(world)
        found = asking.found_of(leaves, world["on"])
        transaction.set_rollback(True)
    view, apart = seen(world), seen(world) | {"merged": {}}
    others = 0
    for card in world["cards"]:
        for leaf, says in zip(leaves, found[card["id"]], strict=True):
            judge = kinds_oracle.KINDS[leaf["kind"]]
            expected = judge(leaf, card, view, world["on"])
            assert [says.is_met, says.value] == expected, (leaf, card, world["on"])
            others += expected != judge(leaf, card, apart, world["on"])
    assert (others > 0) == is_merged


@settings(in_bulk, max_examples=12)
@given(seed=seeds, data=st.data())
def test_every_tree_decides_as_the_oracle_does(seed: int, data: st.DataObject) -> None:
    world = worlds.make(seed, CUSTOMERS)
    rules = data.draw(st.lists(strategies.trees(world["start"]), min_size=8, max_size=8))
    with transaction.atomic():
        writing.write(world)
        decided = [asking.decisions(rule, world) for rule in rules]
        transaction.set_rollback(True)
    view = seen(world)
    for rule, says in zip(rules, decided, strict=True):
        frame = asking.frame(world) | {"rule": rule}
        expected = {row["id"]: oracle.decide(row["id"], view, frame) for row in world["customers"]}
        assert says == expected, rule


@settings(in_bulk, max_examples=6)
@given(seed=seeds, data=st.data())
def test_the_order_in_which_facts_came_changes_nothing(seed: int, data: st.DataObject) -> None:
    world = worlds.make(seed, CUSTOMERS)
    leaves = [data.draw(one) for one in strategies.by_kind(world["start"]).values()]
    shuffled = {**world}
    for name in worlds.TABLES:
        shuffled[name] = random.Random(seed + 1).sample(world[name], len(world[name]))
    found = []
    for one in (world, shuffled):
        with transaction.atomic():
            writing.write(one)
            found.append(asking.found_of(leaves, world["on"]))
            transaction.set_rollback(True)
    assert found[0] == found[1]
