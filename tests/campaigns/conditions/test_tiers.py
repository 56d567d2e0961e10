"""Tiers: what they ask beyond the rule is found as the oracle finds it, each sum once."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.conditions.rules import statement, tree
from tests.campaigns.conditions import oracle
from tests.campaigns.conditions.test_rules import FRAME, SPENDING, START, cards, rules, write


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    plan=st.lists(st.lists(cards, max_size=2), min_size=1, max_size=3),
    rule=rules,
    needs=st.lists(st.none() | rules, min_size=1, max_size=4),
    on=st.integers(0, 34),
)
def test_tiers_say_what_the_oracle_says(
    plan: list[list[dict[str, Any]]], rule: dict[str, Any], needs: list[Any], on: int
) -> None:
    frame = FRAME | {"rule": rule, "on": START + dt.timedelta(days=on)}
    asked = [need and tree.read_rule(need) for need in needs]
    with transaction.atomic():
        world = write(plan)
        found = statement.decisions_of(tree.read_rule(rule), asked)
        names = ("products", "issued_from", "issued_to", "on")
        values = {name: frame[name] for name in names} | {"first": 0, "end": 10**12}
        with connection.cursor() as cursor:
            cursor.execute(found.sql, found.parameters | values)
            said = {row[0]: (row[2], json.loads(row[4]), row[5]) for row in cursor.fetchall()}
        assert said == {key: tiers_by_hand(key, world, frame, needs) for key in said}
        transaction.set_rollback(True)


def tiers_by_hand(
    customer: int, world: oracle.World, frame: dict[str, Any], needs: list[Any]
) -> tuple[str, list[Any], list[int]]:
    decided = oracle.decide(customer, world, frame)
    if decided["outcome"] != "qualified":
        return decided["outcome"], decided["facts"], []
    card = oracle.card_of(customer, world, frame)
    assert card is not None
    facts, reached = list(decided["facts"]), []
    for place, need in enumerate(needs):
        leaves = oracle.flat(need) if need else []
        found = [oracle.examine(leaf, card, world, frame["on"]) for leaf in leaves]
        facts += found
        if need is None or oracle.holds(need, [met for met, _value in found]):
            reached.append(place)
    return ("qualified" if reached else "no_tier"), facts, reached


def test_ten_tiers_on_one_sum_cost_one_sum() -> None:
    sums = [tree.read_rule(SPENDING | {"at_least": least}) for least in range(100, 1100, 100)]
    found = statement.decisions_of(tree.read_rule(SPENDING | {"at_least": 50}), sums)
    assert found.sql.count("SELECT sum(counted.n)") == 1
    other = tree.read_rule(SPENDING | {"at_least": 50, "days": 30})
    two = statement.decisions_of(tree.read_rule(SPENDING | {"at_least": 50}), [*sums, other])
    assert two.sql.count("SELECT sum(counted.n)") == 2
