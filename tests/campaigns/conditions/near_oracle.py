"""How near a customer came to the goal of another campaign, once more, naively: of the runs of a
world, each with what it says of its customers."""

import datetime as dt
from decimal import Decimal
from typing import Any

World = dict[str, Any]
Leaf = dict[str, Any]
Fact = list[Any]
ONE = dt.timedelta(days=1)


def leaves_in(rule: Leaf) -> int:
    if "kind" in rule:
        return 1
    return sum(leaves_in(part) for part in ([rule["not"]] if "not" in rule
               else rule.get("all", rule.get("any", []))))  # fmt: skip


def near_goal(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    runs = [run for run in world["runs"] if run["campaign"] == leaf["campaign"]
            and run["state"] == "done" and run["on"] <= on]  # fmt: skip
    for kind in ("live", "dry_run"):
        of_kind = [run for run in runs if run["kind"] == kind]
        if of_kind:
            return near(leaf, card["customer"], of_kind[-1], world, on)
    return [False, None]


def near(leaf: Leaf, customer: int, run: dict[str, Any], world: World, on: dt.date) -> Fact:
    base = run["base"] or run
    says = run["decisions"].get(customer) or base["decisions"].get(customer)
    if says is None or says["failed_at"] is None:
        return [False, None]
    rule, place = world["rules"][leaf["campaign"]], 0
    for step in rule.get("all", [rule]):
        is_sum = step.get("kind") == "spending_in_window"
        if place == says["failed_at"] and is_sum and "counted_from" not in step:
            used = next(row for row in world["cards"] if row["id"] == says["card"])
            days = step["days"] if step["last_day"] == "inside" else step["days"] - 1
            last = used["issued"] + days * ONE
            gap = Decimal(step["at_least"]) - Decimal(says["spent"])
            is_met = gap <= Decimal(leaf["at_most"]) and (last - on).days >= leaf["days_left"]
            return [is_met, [str(gap), last.isoformat()]]
        place += leaves_in(step)
    return [False, None]
