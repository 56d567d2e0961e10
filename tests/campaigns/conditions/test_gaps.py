"""What is missing, and until when: the SQL says what the explanation says, and who fills the gap
meets the condition, who misses it by a cent, one or a day does not."""

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.conditions.rules import base, kinds
from tests.campaigns.conditions import asking, filling, kinds_oracle, strategies, worlds, writing
from tests.campaigns.conditions.test_kinds import CUSTOMERS, in_bulk, seeds, seen

pytestmark = pytest.mark.django_db
CENT = Decimal("0.01")


def explained(leaf: dict[str, Any], card: dict[str, Any], found: list[Any], on: dt.date
              ) -> base.Explanation:  # fmt: skip
    subject = base.Subject(on, card["issued"], card["filed"], card["activated"])
    return asking.read(leaf).explain(found[1], found[0], subject)


@pytest.mark.parametrize(("value", "needed", "percent"), [
    (0, 3, 0), (1, 3, 33), (2, 3, 66), (3, 3, 100), (9, 3, 100),
    (Decimal("499.99"), Decimal("500.00"), 99), (Decimal("500.00"), Decimal("500.00"), 100),
    (Decimal("-20.00"), Decimal("500.00"), 0),
])  # fmt: skip
def test_how_far_somebody_has_come_is_a_hundred_only_where_it_is_reached(
    value: Any, needed: Any, percent: int
) -> None:
    assert base.percent_of(value, needed) == percent


@settings(in_bulk, max_examples=8)
@given(seed=seeds, data=st.data())
def test_gap_and_deadline_are_those_of_the_explanation(seed: int, data: st.DataObject) -> None:
    world = worlds.make(seed, CUSTOMERS)
    each = strategies.by_kind(world["start"]).values()
    leaves = [data.draw(one) for one in each for _number in range(2)]
    with transaction.atomic():
        writing.write(world)
        found = asking.found_of(leaves, world["on"])
        transaction.set_rollback(True)
    for card in world["cards"]:
        for leaf, says in zip(leaves, found[card["id"]], strict=True):
            told = explained(leaf, card, [says.is_met, says.value], world["on"])
            assert (says.missing, says.deadline) == (told.missing, told.deadline), (leaf, card)
            assert (told.gap == "") is says.is_met, (leaf, card)
            assert not (told.is_open and says.is_met), (leaf, card)
            if told.percent is not None:
                assert (told.percent == 100) is says.is_met, (leaf, card)


def flips(leaf: dict[str, Any], card: dict[str, Any], world: Any, amount: Any) -> bool | None:
    """Whether the condition is met once so much of the gap is filled; None: nothing fills it."""
    filled = filling.FILLS[leaf["kind"]](leaf, card, filling.alone(world, card), Decimal(amount))
    if filled is None:
        return None
    own = next(row for row in filled["cards"] if row["id"] == card["id"])
    return kinds_oracle.KINDS[leaf["kind"]](leaf, own, filled, filled["on"])[0]


def test_who_fills_the_gap_meets_the_condition_and_who_almost_does_does_not() -> None:
    filled: Counter[str] = Counter()

    @settings(in_bulk, max_examples=40)
    @given(seed=seeds, data=st.data())
    def fill(seed: int, data: st.DataObject) -> None:
        world = seen(worlds.make(seed, 20))
        for kind, one in strategies.by_kind(world["start"]).items():
            if kind in filling.FILLS:
                _fill(kind, data.draw(one), world)

    def _fill(kind: str, leaf: dict[str, Any], world: Any) -> None:
        for card in world["cards"]:
            found = kinds_oracle.KINDS[kind](leaf, card, world, world["on"])
            missing = explained(leaf, card, found, world["on"]).missing
            if missing is None or flips(leaf, card, world, missing) is None:
                continue
            almost = missing - (CENT if isinstance(missing, Decimal) else 1)
            assert flips(leaf, card, world, missing) is True, (leaf, card, missing)
            assert not flips(leaf, card, world, almost), (leaf, card, missing)
            filled[kind] += 1

    fill()
    assert set(filled) == set(filling.FILLS)
    assert min(filled.values()) >= 20, filled


@pytest.mark.parametrize("leaf", [
    {"kind": "potential", "at_least": 40, "at_most": 60},
    {"kind": "months_in_row", "months": 4, "count": 1},
    {"kind": "cards_held", "at_least": 40, "at_most": 60},
])  # fmt: skip
def test_the_figure_missing_is_the_distance_to_a_value_that_is_met(leaf: dict[str, Any]) -> None:
    condition = asking.read(leaf)
    verdict, gap = condition.verdict_sql("c", "found.value"), condition.gap_sql("c", "found.value")
    sql = f"SELECT value, {verdict}, {gap} FROM generate_series(0, 100) AS found (value)"
    with connection.cursor() as cursor:
        cursor.execute(sql, condition.parameters("c"))
        rows = cursor.fetchall()
    met = {value for value, is_met, _gap in rows if is_met}
    for value, is_met, missing in rows:
        nearest = min(abs(value - other) for other in met)
        assert missing == (None if is_met else nearest)


def test_every_kind_with_a_figure_is_filled() -> None:
    stating = {
        kind.kind for kind in kinds.KINDS.values() if kind.gap_sql is not base.Condition.gap_sql
    }
    assert stating == set(filling.FILLS) | filling.ONLY_BY_VALUE
