"""How near a customer came to the goal of another campaign, once more, naively: of the runs of a
world, each with what it says of its customers."""

import datetime as dt
from decimal import Decimal
from typing import Any

World = dict[str, Any]
Leaf = dict[str, Any]
Fact = list[Any]


def near_goal(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    if has_elsewhere(leaf, card["customer"], world, on):
        return [False, None]
    runs = [run for run in world["runs"] if run["campaign"] == leaf["campaign"]
            and run["state"] == "done" and run["on"] <= on]  # fmt: skip
    for kind in ("live", "dry_run"):
        of_kind = [run for run in runs if run["kind"] == kind]
        if of_kind:
            return near(leaf, card["customer"], of_kind[-1], on)
    return [False, None]


def has_elsewhere(leaf: Leaf, customer: int, world: World, on: dt.date) -> bool:
    """Whether the same person has the reward under another customer number alone."""
    people = {row["id"]: row.get("person") or row["id"] for row in world["customers"]}
    holders = {row["customer"] for row in world["grants"]
               if row["campaign"] == leaf["campaign"] and row["day"] <= on
               and people[row["customer"]] == people[customer]}  # fmt: skip
    return bool(holders) and customer not in holders


def near(leaf: Leaf, customer: int, run: dict[str, Any], on: dt.date) -> Fact:
    base = run["base"] or run
    says = run["decisions"].get(customer) or base["decisions"].get(customer)
    if says is None or says["gap"] is None:
        return [False, None]
    gap, last = says["gap"], says["deadline"]
    is_met = gap <= Decimal(leaf["at_most"]) and (last - on).days >= leaf["days_left"]
    return [is_met, [str(gap), last.isoformat()]]
