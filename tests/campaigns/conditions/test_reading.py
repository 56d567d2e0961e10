"""Rules are read with sentences that name the place, and written in one way."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from campaigns.conditions.rules import base, kinds, tree, wording

SPENDING = {"kind": "spending_in_window", "days": 65, "last_day": "inside"}


@pytest.mark.parametrize(("raw", "place", "problem"), [
    ([], "rule", "must be a condition, or one of: all, any, not"),
    ({}, "rule", "must have a kind, or be exactly one of: all, any, not"),
    ({"all": []}, "rule.all", "must be a list that holds at least one condition"),
    ({"any": {"kind": "activated"}}, "rule.any",
     "must be a list that holds at least one condition"),
    ({"all": [{"kind": "activated"}, {"kind": "x"}]}, "rule.all[1].kind",
     "must be one of: " + ", ".join(kinds.KINDS)),
    ({"not": {"kind": "issued_within"}}, "rule.not.days", "is missing"),
    ({"kind": "issued_within", "days": True}, "rule.days",
     "must be a whole number from 0 to 3650"),
    ({"kind": "activated", "days": 3}, "rule.days",
     "is not a field of activated; its fields: none"),
    ({"all": [SPENDING | {"at_least": "1.005"}]}, "rule.all[0].at_least",
     "must be an amount above zero with at most two decimal places"),
    ({"kind": "spending_in_window", "days": 65, "last_day": "both", "at_least": 1},
     "rule.last_day", "must be one of: inside, outside"),
])  # fmt: skip
def test_a_wrong_rule_is_refused_with_its_place(raw: Any, place: str, problem: str) -> None:
    with translation.override("en"), pytest.raises(base.RuleWrong) as refused:
        tree.read_rule(raw)
    assert (refused.value.place, refused.value.problem) == (place, problem)


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "abc", 0, -1, None, True, "1e30", [1]])
def test_an_amount_that_is_none_is_refused(amount: Any) -> None:
    with pytest.raises(base.RuleWrong):
        base.read_amount(amount, "at_least")


def test_too_many_conditions_and_levels_are_refused() -> None:
    leaf = {"kind": "activated"}
    assert len(tree.leaves(tree.read_rule({"all": [leaf] * tree.MOST_LEAVES}))) == 40
    with pytest.raises(base.RuleWrong):
        tree.read_rule({"all": [leaf] * (tree.MOST_LEAVES + 1)})
    deep: dict[str, Any] = leaf
    for _level in range(tree.MOST_LEVELS - 1):
        deep = {"not": deep}
    assert tree.as_data(tree.read_rule(deep)) == deep
    with pytest.raises(base.RuleWrong):
        tree.read_rule({"not": deep})


def test_equal_rules_are_written_in_one_way() -> None:
    spending = {"kind": "spending_in_window", "days": 65, "last_day": "inside"}
    written = {tree.as_data(tree.read_rule(spending | {"at_least": amount}))["at_least"]
               for amount in (500, 500.0, "500", "500.00", Decimal(500))}  # fmt: skip
    assert written == {"500.00"}


def test_the_published_text_follows_the_tree() -> None:
    rule = tree.read_rule({
        "all": [
            {"kind": "issued_within", "days": 20},
            {"not": {"kind": "activated"}},
            {"kind": "spending_in_window", "days": 65, "last_day": "outside", "at_least": 500},
        ]
    })  # fmt: skip
    with translation.override("en"):
        lines = wording.lines_of(wording.clause_of(rule))
    assert lines == [
        "All of this holds:",
        "  - The card is issued no later than day 20 after the application.",
        "  - This does not hold:",
        "    - The card is activated.",
        "  - From the day of issue to day 65 after it, that day not included, spending with the "
        "card reaches ¥500; refunds that post on these days are deducted.",
    ]
