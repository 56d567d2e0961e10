"""When time alone may change a condition: until the day that `turns_sql` names, nothing does."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.conditions.rules import kinds
from tests.campaigns.conditions import asking, strategies, worlds, writing
from tests.campaigns.conditions.test_kinds import in_bulk, seeds

pytestmark = pytest.mark.django_db
CUSTOMERS = 30
# Of these nobody can say when they may change by time alone.
NEVER_CARRIED = {"potential", "near_goal"}
ONE = dt.timedelta(days=1)
# Days looked at one after another, and some far ahead: the ends of months and years, birthdays.
AHEAD = [*range(1, 34), 45, 58, 59, 60, 61, 62, 90, 91, 120, 180, 364, 365, 366, 367, 400, 731]


def turns_of(leaf: dict[str, Any], on: dt.date) -> dict[int, dt.date | None]:
    """The day from which a later run has to look again, by the card."""
    condition = asking.read(leaf)
    turns = condition.turns_sql("c0", "subject.value_0")
    assert turns is not None
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT card_id, ({turns})::date FROM (SELECT subject.*,"
            f" {condition.value_sql('c0')} AS value_0 FROM ({asking._SUBJECT}) AS subject OFFSET 0"
            ") AS subject WHERE card_id IS NOT NULL",
            condition.parameters("c0") | {"on": on},
        )
        return dict(cursor.fetchall())


def known_by(world: worlds.World) -> worlds.World:
    """The world without anything that is of a day after the one looked at: such facts are marked
    with their day, and make a later run decide anew."""
    on = world["on"]
    end = dt.datetime.combine(on + ONE, dt.time(0), worlds.ZONE)

    def told(day: dt.date | None) -> dt.date | None:
        return day if day is None or day <= on else None

    cards = [
        card | {name: told(card[name]) for name in ("activated", "used", "closed")}
        for card in world["cards"]
        if card["issued"] <= on
    ]
    ids = {card["id"] for card in cards}
    return world | {
        "cards": [card | {"used": card["used"] if card["activated"] else None} for card in cards],
        "applications": [
            row if max(filter(None, (row["supplemented"], row["decided"])), default=on) <= on
            else row | {"state": "filed", "supplemented": None, "decided": None}
            for row in world["applications"]
            if row["filed"] <= on
        ],
        "transactions": [
            row for row in world["transactions"] if row["day"] <= on and row["card"] in ids
        ],
        "points": [row for row in world["points"] if row["day"] <= on],
        "referrals": [
            row for row in world["referrals"]
            if row["day"] <= on
            and any(a["number"] == row["application"] and a["filed"] <= on
                    for a in world["applications"])
        ],
        "consents": [row for row in world["consents"] if row["effective"] < end],
        "grants": [row for row in world["grants"] if row["day"] <= on and row["card"] in ids
                   and any(c["id"] == row["card"] and c["used"] and c["used"] <= on
                           for c in cards)],
    }  # fmt: skip


def test_nothing_changes_before_the_day_that_is_named() -> None:
    turned: dict[str, int] = {}
    kept: dict[str, int] = {}

    @settings(in_bulk, max_examples=10)
    @given(seed=seeds, data=st.data())
    def look(seed: int, data: st.DataObject) -> None:
        world = known_by(worlds.make(seed, CUSTOMERS))
        on = world["on"]
        each = strategies.by_kind(world["start"])
        leaves = [data.draw(one) for kind, one in each.items() if kind not in NEVER_CARRIED]
        with transaction.atomic():
            writing.write(world)
            turns = [turns_of(leaf, on) for leaf in leaves]
            first = asking.found_of(leaves, on)
            for days in AHEAD:
                compare(leaves, turns, first, on + days * ONE)
            transaction.set_rollback(True)

    def compare(leaves: Any, turns: Any, first: Any, day: dt.date) -> None:
        for card, says in asking.found_of(leaves, day).items():
            for number, leaf in enumerate(leaves):
                before, now, turn = first[card][number], says[number], turns[number][card]
                is_same = (before.is_met, before.value) == (now.is_met, now.value)
                if turn is None or day < turn:
                    assert is_same, (leaf, card, turn, day, before, now)
                    kept[leaf["kind"]] = kept.get(leaf["kind"], 0) + 1
                elif not is_same:
                    turned[leaf["kind"]] = turned.get(leaf["kind"], 0) + 1

    look()
    # Each kind was looked at, and those that turn by themselves were seen to.
    assert set(kept) == set(kinds.KINDS) - NEVER_CARRIED
    assert set(turned) == {"age", "months_in_row", "asleep", "falling_asleep"}, turned
