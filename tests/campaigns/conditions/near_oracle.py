"""How near a customer came to the goal of another campaign, once more, naively: of the runs of a
world, each with what it says of its customers."""

import datetime as dt
from decimal import Decimal
from typing import Any

World = dict[str, Any]
Leaf = dict[str, Any]
Fact = list[Any]


def near_goal(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    runs = [run for run in world["runs"] if run["campaign"] == leaf["campaign"]
            and run["state"] == "done" and run["on"] <= on]  # fmt: skip
    for kind in ("live", "dry_run"):
        of_kind = [run for run in runs if run["kind"] == kind]
        if of_kind:
            return near(leaf, card["customer"], of_kind[-1], on)
    return [False, None]


def near(leaf: Leaf, customer: int, run: dict[str, Any], on: dt.date) -> Fact:
    base = run["base"] or run
    says = run["decisions"].get(customer) or base["decisions"].get(customer)
    if says is None or says["gap"] is None:
        return [False, None]
    gap, last = says["gap"], says["deadline"]
    is_met = gap <= Decimal(leaf["at_most"]) and (last - on).days >= leaf["days_left"]
    return [is_met, [str(gap), last.isoformat()]]
