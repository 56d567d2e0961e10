"""Ten thousand receipts replayed: the figures that they show, reckoned again by themselves, give
the verdict of each condition and the outcome that stand in them."""

import datetime as dt
import random
from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase, given, seed, settings

from campaigns.conditions.rules import base, receipts, tree
from tests.campaigns.conditions import asking, strategies, verdicts, worlds, writing
from tests.campaigns.conditions.test_kinds import in_bulk

pytestmark = pytest.mark.django_db
RECEIPTS, CUSTOMERS, RULES = 10_000, 80, 24


def in_the_way(rule: dict[str, Any], facts: Any, failed_at: int | None) -> list[int]:
    """The conditions of the step that failed which are not met, or are met where they must not."""
    place = 0
    for step in rule.get("all", [rule]):
        count = len(verdicts.leaves_of(step))
        if place == failed_at:
            return [
                one
                for one in range(place, place + count)
                if facts[one][0] is False or (facts[one][0] and "'not'" in str(step))
            ]
        place += count
    return []


def replayed(rule: dict[str, Any], decision: dict[str, Any], world: Any, cards: Any) -> int:
    """Replays one receipt; returns how many of its conditions were examined."""
    card, on = cards[decision["card"]], world["on"]
    leaves, facts = verdicts.leaves_of(rule), decision["facts"]
    assert len(leaves) == len(facts)
    for leaf, (is_met, value) in zip(leaves, facts, strict=True):
        if is_met is not None:
            again = verdicts.VERDICTS[leaf["kind"]](leaf, value, on, card["issued"])
            assert again is is_met, (leaf, value)
    failed_at = verdicts.failure(rule, [is_met for is_met, _value in facts])
    assert decision["failed_at"] == failed_at, (rule, facts)
    assert decision["outcome"] == ("qualified" if failed_at is None else "not_qualified")
    subject = base.Subject(on, card["issued"], card["filed"], card["activated"])
    shown = receipts.lines_of(tree.read_rule(rule), facts, failed_at, subject)
    for line, (is_met, _value) in zip(shown, facts, strict=True):
        finding = {True: "met", False: "not_met", None: "not_examined"}[is_met]
        assert (line.finding, line.explanation is None) == (finding, is_met is None)
        # Nothing is missing where it is met, and something is where it is not.
        assert line.explanation is None or (line.explanation.gap == "") is is_met
    marked = [line.position for line in shown if line.is_first_failed]
    assert marked == [place for place in marked if place in in_the_way(rule, facts, failed_at)]
    assert len(marked) == (failed_at is not None)
    return sum(is_met is not None for is_met, _value in facts)


def test_every_kind_of_condition_has_a_verdict_of_its_own() -> None:
    assert set(verdicts.VERDICTS) == set(strategies.by_kind(worlds.STARTS[0]))


def test_ten_thousand_receipts_replayed_give_what_stands_in_them() -> None:
    seen: Counter[str] = Counter()
    rng = random.Random(20260301)

    def replay() -> None:
        world = worlds.make(rng.randrange(10**9), CUSTOMERS)
        rules = _rules(rng, world["start"])
        cards = {row["id"]: row for row in world["cards"]}
        with transaction.atomic():
            writing.write(world)
            decided = [asking.decisions(rule, world) for rule in rules]
            transaction.set_rollback(True)
        for rule, found in zip(rules, decided, strict=True):
            for decision in found.values():
                if decision["card"] is not None:
                    seen["conditions"] += replayed(rule, decision, world, cards)
                    seen[decision["outcome"]] += 1

    while seen["qualified"] + seen["not_qualified"] < RECEIPTS:
        replay()
    assert min(seen["qualified"], seen["not_qualified"]) > 1_000, seen
    assert seen["conditions"] > RECEIPTS, seen


def _rules(rng: random.Random, start: dt.date) -> list[dict[str, Any]]:
    """Random rules about days near `start`; which, follows from the state of `rng` alone."""
    found: list[dict[str, Any]] = []

    @seed(rng.randrange(10**9))
    @settings(in_bulk, max_examples=RULES, derandomize=False, database=None,
              phases=[Phase.generate])  # fmt: skip
    @given(rule=strategies.trees(start))
    def draw(rule: dict[str, Any]) -> None:
        found.append(rule)

    draw()
    return found
