"""The verdict of a condition once more, from the figure that its receipt shows and from nothing
else but the rule, the day and the day of issue: plain Python, apart from the product and its SQL.
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.campaigns.conditions import kinds_oracle as oracle
from tests.campaigns.conditions import worlds

Leaf = dict[str, Any]
Verdict = Callable[[Leaf, Any, dt.date, dt.date], bool]


def _ranged(leaf: Leaf, value: Any, on: dt.date, issued: dt.date) -> bool:
    return value is not None and oracle.in_range(leaf, value)


def _known(leaf: Leaf, value: Any, on: dt.date, issued: dt.date) -> bool:
    return value is not None


def _counted(leaf: Leaf, value: Any, on: dt.date, issued: dt.date) -> bool:
    return bool(value >= leaf["at_least"])


def _spent(leaf: Leaf, value: Any, on: dt.date, issued: dt.date) -> bool:
    return Decimal(value) >= Decimal(leaf["at_least"])


def _first(leaf: Leaf, value: Any, on: dt.date, issued: dt.date) -> bool:
    if value is None:
        return False
    day, days = dt.date.fromisoformat(value[0]), leaf["days"] - (leaf["last_day"] == "outside")
    in_time = issued <= day <= issued + dt.timedelta(days=days)
    return in_time and Decimal(value[1]) >= Decimal(leaf["at_least"])


def _asleep_on(leaf: Leaf, value: str) -> dt.date:
    since = dt.date.fromisoformat(value)
    month = since.month - 1 + leaf["months"]
    first = dt.date(since.year + month // 12, month % 12 + 1, 1)
    last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return first.replace(day=min(since.day, last.day))


def _stage(leaf: Leaf, value: Any, on: dt.date, issued: dt.date) -> bool:
    return value in set().union(*(oracle.STAGES.get(code, {code}) for code in leaf["stages"]))


def _branch(leaf: Leaf, value: Any, on: dt.date, issued: dt.date) -> bool:
    return any(code in worlds.BRANCHES[value].split("/") for code in leaf["branches"])


def _near(leaf: Leaf, value: Any, on: dt.date, issued: dt.date) -> bool:
    if value is None:
        return False
    left = (dt.date.fromisoformat(value[1]) - on).days
    return Decimal(value[0]) <= Decimal(leaf["at_most"]) and left >= leaf["days_left"]


VERDICTS: dict[str, Verdict] = {
    "near_goal": _near,
    "stage": _stage,
    "branch": _branch,
    "age": _ranged,
    "potential": _ranged,
    "cards_held": _ranged,
    "points_balance": _ranged,
    "issued_within": lambda leaf, value, _on, _issued: value is not None and value <= leaf["days"],
    "activated": _known,
    "first_used": _known,
    "product_held": lambda _leaf, value, _on, _issued: len(value) > 0,
    "first_transaction": _first,
    "spending_in_window": _spent,
    "purchases_in_window": _counted,
    "spending_days_in_window": _counted,
    "points_redeemed": _counted,
    "months_in_row": lambda leaf, value, _on, _issued: value >= leaf["months"],
    "consent": lambda _leaf, value, _on, _issued: value is True,
    "asleep": lambda leaf, value, on, _issued: _asleep_on(leaf, value) <= on,
    "falling_asleep": lambda leaf, value, on, _issued: (
        0 < (_asleep_on(leaf, value) - on).days <= leaf["within_days"]
    ),
    "persons_brought": lambda leaf, value, _on, _issued: len(value) >= leaf["at_least"],
    "not_in_campaign": lambda _leaf, value, _on, _issued: value == [],
}


def leaves_of(rule: Leaf) -> list[Leaf]:
    """The conditions of a rule from left to right."""
    if "kind" in rule:
        return [rule]
    parts = [rule["not"]] if "not" in rule else next(iter(rule.values()))
    return [leaf for part in parts for leaf in leaves_of(part)]


def truth(rule: Leaf, met: list[bool]) -> bool:
    """Whether a rule holds; takes the verdicts of its conditions off the front of `met`."""
    if "kind" in rule:
        return met.pop(0)
    if "not" in rule:
        return not truth(rule["not"], met)
    ((join, parts),) = rule.items()
    found = [truth(part, met) for part in parts]
    return all(found) if join == "all" else any(found)


def failure(rule: Leaf, met: list[bool | None]) -> int | None:
    """The place of the first step that fails, those without a dear condition first; None where all
    hold. Dear ones are not looked at where a cheap step fails."""
    steps, place = rule.get("all", [rule]), 0
    placed = []
    for step in steps:
        own = leaves_of(step)
        is_dear = any(leaf["kind"] in oracle.DEAR for leaf in own)
        placed.append((is_dear, place, step, met[place : place + len(own)]))
        place += len(own)
    for _is_dear, at, step, own_met in sorted(placed, key=lambda one: one[:2]):
        if not truth(step, [bool(one) for one in own_met]):
            return at
    return None
