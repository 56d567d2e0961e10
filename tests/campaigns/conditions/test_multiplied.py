"""The spending that a reward multiplies: what it comes to, when its days are over, and until when
time alone may change that; beside plain Python."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.conditions.rules import base
from tests.campaigns.conditions import asking, kinds_oracle, strategies, worlds, writing
from tests.campaigns.conditions.test_kinds import CUSTOMERS, in_bulk, seeds, seen
from tests.campaigns.conditions.test_turns import turns_of

pytestmark = pytest.mark.django_db


def leaves(start: dt.date) -> st.SearchStrategy[dict[str, Any]]:
    spent = strategies.leaf("multiplied_spending", at_least=strategies.amounts)
    return strategies.joined(spent, strategies.window(start), strategies.filters)


def expected(leaf: dict[str, Any], card: Any, world: Any, on: dt.date) -> tuple[bool, str, Any]:
    """Whether it is met, the sum, and the last of the days."""
    days = kinds_oracle.window(leaf, card, on)
    rows = kinds_oracle.net_rows(leaf, card, world, on)
    total = sum((amount for day, amount in rows if day in days), Decimal("0.00"))
    is_over = bool(days) and days[-1] <= on
    return is_over and total >= Decimal(leaf["at_least"]), str(total), days[-1] if days else None


@settings(in_bulk, max_examples=20)
@given(seed=seeds, data=st.data())
def test_sql_explanation_and_turn_are_those_of_the_oracle(seed: int, data: st.DataObject) -> None:
    world = worlds.make(seed, CUSTOMERS)
    asked = [data.draw(leaves(world["start"])) for _number in range(4)]
    with transaction.atomic():
        writing.write(world)
        found = asking.found_of(asked, world["on"])
        turns = [turns_of(leaf, world["on"]) for leaf in asked]
        transaction.set_rollback(True)
    view, on = seen(world), world["on"]
    for card in (one for one in world["cards"] if one["issued"] <= on):
        for leaf, says, turn in zip(asked, found[card["id"]], turns, strict=True):
            is_met, total, last = expected(leaf, card, view, on)
            assert (says.is_met, says.value) == (is_met, total), (leaf, card, on)
            subject = base.Subject(on, card["issued"], card["filed"], card["activated"])
            told = asking.read(leaf).explain(says.value, says.is_met, subject)
            lacks = Decimal(leaf["at_least"]) - Decimal(total)
            assert says.missing == told.missing == (lacks if lacks > 0 else None)
            assert says.deadline == told.deadline == last
            assert (told.gap == "") is is_met
            assert turn[card["id"]] == (last if last and last > on else None)


def test_the_worlds_hold_all_three_fates() -> None:
    fates: dict[tuple[bool, bool], int] = {}

    @settings(in_bulk, max_examples=40)
    @given(seed=seeds, data=st.data())
    def look(seed: int, data: st.DataObject) -> None:
        world = seen(worlds.make(seed, 10))
        leaf = data.draw(leaves(world["start"]))
        for card in world["cards"]:
            is_met, total, _last = expected(leaf, card, world, world["on"])
            fate = is_met, Decimal(total) >= Decimal(leaf["at_least"])
            fates[fate] = fates.get(fate, 0) + 1

    look()
    assert set(fates) == {(True, True), (False, True), (False, False)}
    assert min(fates.values()) >= 10, fates
