"""What a customer would have to have done for a gap to be filled, as a change of a plain world.

Each function takes a world of one customer, the condition, the card and how much to fill, and
returns the changed world, or None where nothing that could be done fills it.
"""

import copy
import datetime as dt
import itertools
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.campaigns.conditions import kinds_oracle as oracle
from tests.campaigns.conditions import worlds

World = dict[str, Any]
Leaf = dict[str, Any]
ONE = dt.timedelta(days=1)


def alone(world: World, card: dict[str, Any]) -> World:
    """A copy of what the world holds of the card's customer."""
    kept = {name: [copy.copy(row) for row in world[name] if row["customer"] == card["customer"]]
            for name in ("cards", *worlds.TABLES)}  # fmt: skip
    person = [copy.copy(row) for row in world["customers"] if row["id"] == card["customer"]]
    return world | kept | {"customers": person}


def row_that_counts(leaf: Leaf, card: dict[str, Any], world: World) -> dict[str, Any] | None:
    """A purchase without a day and an amount, of the kind that the condition counts."""
    for merchant, channel, division in itertools.product(
        [None, *worlds.MERCHANTS], ["", "pos", "online", "qr"], ["", "330106", "310000"]
    ):
        row = {
            "customer": card["customer"], "card": card["id"], "merchant": merchant, "mcc": "",
            "channel": channel, "division": division, "refund_of": "", "at": None,
        }  # fmt: skip
        if oracle.is_of_kind(leaf, row, world):
            return row
    return None


def days_past(leaf: Leaf, card: dict[str, Any], world: World) -> list[dt.date]:
    return [day for day in oracle.window(leaf, card, world["on"]) if day <= world["on"]]


def buys(world: World, row: dict[str, Any], bought: list[tuple[dt.date, Any]]) -> World:
    world["transactions"] += [
        row | {"reference": f"new-{number}", "day": day, "amount": Decimal(amount)}
        for number, (day, amount) in enumerate(bought)
        if Decimal(amount) > 0
    ]
    return world


def spending(leaf: Leaf, card: dict[str, Any], world: World, amount: Decimal) -> World | None:
    days, row = days_past(leaf, card, world), row_that_counts(leaf, card, world)
    return buys(world, row, [(days[-1], amount)]) if days and row else None


def purchases(leaf: Leaf, card: dict[str, Any], world: World, amount: Decimal) -> World | None:
    days, row = days_past(leaf, card, world), row_that_counts(leaf, card, world)
    return buys(world, row, [(days[0], "0.01")] * int(amount)) if days and row else None


def spending_days(leaf: Leaf, card: dict[str, Any], world: World, amount: Decimal) -> World | None:
    used = oracle.kept(leaf, card, world, world["on"])
    free = [day for day in days_past(leaf, card, world) if day not in used]
    row = row_that_counts(leaf, card, world)
    if row is None or len(free) < amount:
        return None
    return buys(world, row, [(day, "0.01") for day in free[: int(amount)]])


def first(leaf: Leaf, card: dict[str, Any], world: World, amount: Decimal) -> World | None:
    _met, value = oracle.first_transaction(leaf, card, world, world["on"])
    if value is None:
        if card["issued"] > world["on"]:
            return None
        row = row_that_counts({}, card, world)
        return row and buys(world, row, [(card["issued"], amount)])
    rows = [row for row in oracle.known(card, world, world["on"]) if row["amount"] > 0]
    long_ago = dt.datetime(1, 1, 2, tzinfo=dt.UTC)
    one = min(rows, key=lambda row: (row["day"], row["at"] or long_ago, row["reference"]))
    one["amount"] += amount
    return world


def later(world: World, days: int) -> World:
    """The world so many days later, in which nothing happened since."""
    on = world["on"]
    world["transactions"] = [row for row in world["transactions"] if row["day"] <= on]
    return world | {"on": on + days * ONE}


def months(leaf: Leaf, card: dict[str, Any], world: World, amount: Decimal) -> World | None:
    """Spending goes on month by month from where the row stands: from the running month, unless
    that counts already."""
    row = row_that_counts(leaf, card, world)
    if row is None:
        return None
    month, bought = last_of(world["on"]), []
    world = later(world, 0)
    if oracle.months_in_row(leaf | {"months": 1}, card, world | {"on": month}, month)[1]:
        month = last_of(month + ONE)
    for _number in range(int(amount)):
        bought += [(month, "1000.00")] * 3
        world["on"] = month
        month = last_of(month + ONE)
    return buys(world, row, bought)


def last_of(day: dt.date) -> dt.date:
    after = day.replace(day=28) + 4 * ONE
    return after.replace(day=1) - ONE


def wait(leaf: Leaf, card: dict[str, Any], world: World, amount: Decimal) -> World:
    return later(world, int(amount))


def points(leaf: Leaf, card: dict[str, Any], world: World, amount: Decimal) -> World:
    _met, value = oracle.points_balance(leaf, card, world, world["on"])
    gains = value < leaf.get("at_least", value)
    return entry(world, card, world["on"], int(amount) if gains else -int(amount), "earned")


def redeemed(leaf: Leaf, card: dict[str, Any], world: World, amount: Decimal) -> World | None:
    days = days_past(leaf, card, world)
    return entry(world, card, days[-1], -int(amount), "redeemed") if days else None


def entry(world: World, card: dict[str, Any], day: dt.date, number: int, kind: str) -> World:
    row = {"customer": card["customer"], "kind": kind, "points": number, "day": day}
    world["points"].append(row)
    return world


def cards(leaf: Leaf, card: dict[str, Any], world: World, amount: Decimal) -> World:
    held = [own for own in world["cards"] if oracle.is_open(own, world["on"])]
    if len(held) < leaf.get("at_least", 0):
        world["cards"] += [
            card | {"id": -number, "issued": world["on"], "closed": None}
            for number in range(1, int(amount) + 1)
        ]
        return world
    for own in held[: int(amount)]:
        own["closed"] = world["on"]
    return world


def age(leaf: Leaf, card: dict[str, Any], world: World, amount: Decimal) -> World | None:
    (person,) = world["customers"]
    born = person["born"]
    if (born.month, born.day) == (2, 29):
        return None
    person["born"] = born.replace(year=born.year - int(amount))
    return world


def brought(leaf: Leaf, card: dict[str, Any], world: World, amount: Decimal) -> World | None:
    days, on = days_past(leaf, card, world), world["on"]
    if not days:
        return None
    held = {"issued": on, "activated": on, "used": on, "closed": None}
    world["referrals"] += [
        {"id": -number, "customer": card["customer"], "day": days[0], "cards": [held]}
        for number in range(1, int(amount) + 1)
    ]
    return world


def issue(leaf: Leaf, card: dict[str, Any], world: World, amount: Decimal) -> World:
    (own,) = (row for row in world["cards"] if row["id"] == card["id"])
    own["filed"] += int(amount) * ONE
    return world


FILLS: dict[str, Callable[[Leaf, dict[str, Any], World, Decimal], World | None]] = {
    "issued_within": issue, "age": age, "cards_held": cards, "first_transaction": first,
    "spending_in_window": spending, "purchases_in_window": purchases,
    "spending_days_in_window": spending_days, "months_in_row": months, "points_balance": points,
    "persons_brought": brought, "points_redeemed": redeemed, "asleep": wait, "falling_asleep": wait,
}  # fmt: skip
# A score is made of too many facts to be changed by just so much.
ONLY_BY_VALUE = {"potential"}
