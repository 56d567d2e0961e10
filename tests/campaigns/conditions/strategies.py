"""Random conditions of every kind, and random trees of them, as plain JSON values."""

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from campaigns.conditions.rules import tree
from journeys.contact.enums import Channel
from merchants.directory.enums import Scenario
from tests.campaigns.conditions import worlds

Leaf = dict[str, Any]


def some(values: list[str], most: int = 3) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True).map(sorted)


def window(start: dt.date) -> st.SearchStrategy[Leaf]:
    last_day = st.sampled_from(["inside", "outside"])
    counted = st.fixed_dictionaries(
        {"days": st.integers(1, 14), "last_day": last_day},
        optional={"counted_from": st.just("activation")},
    )
    offsets = st.tuples(st.integers(-2, 9), st.integers(1, 12))
    fixed = st.builds(
        lambda days, inside: {
            "counted_from": "dates", "last_day": inside,
            "first_date": (start + dt.timedelta(days=days[0])).isoformat(),
            "last_date": (start + dt.timedelta(days=days[0] + days[1])).isoformat(),
        },
        offsets, last_day,
    )  # fmt: skip
    return st.one_of(counted, fixed)


filters = st.one_of(
    st.just({}),
    st.fixed_dictionaries({}, optional={
        "scenarios": some(Scenario.values),
        "mccs": some(["4511", "5411", "5800-5811", "5811-5814"]),
        "merchants": some([*worlds.MERCHANTS, "M0"]),
        "channels": some(["pos", "online", "qr"]),
        "cities": some(["310000", "330106", "3302", "330100", "33"]),
    }),
)  # fmt: skip
amounts = st.sampled_from(["0.01", "25.00", "50.00", "75.01"])


def ranged(kind: str, values: list[int]) -> st.SearchStrategy[Leaf]:
    one = st.sampled_from(values)
    return st.one_of(
        st.fixed_dictionaries({"kind": st.just(kind), "at_least": one}),
        st.fixed_dictionaries({"kind": st.just(kind), "at_most": one}),
        st.lists(one, min_size=2, max_size=2).map(sorted).map(
            lambda pair: {"kind": kind, "at_least": pair[0], "at_most": pair[1]}),
    )  # fmt: skip


def leaf(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Leaf]:
    return st.fixed_dictionaries({"kind": st.just(kind), **fields})


def joined(*parts: st.SearchStrategy[Leaf]) -> st.SearchStrategy[Leaf]:
    return st.tuples(*parts).map(lambda found: {k: v for part in found for k, v in part.items()})


brought = leaf(
    "persons_brought", at_least=st.sampled_from([1, 1, 2, 3]),
    event=st.sampled_from(["issued", "activated", "used"]),
)  # fmt: skip
near = leaf(
    "near_goal", campaign=st.sampled_from([*worlds.CAMPAIGNS, "x-no"]),
    at_most=st.sampled_from(["0.01", "25.00", "50.02", "80.00"]), days_left=st.integers(1, 12),
)  # fmt: skip


def by_kind(start: dt.date) -> dict[str, st.SearchStrategy[Leaf]]:
    """A strategy for each kind; `start` is about when the world's facts lie."""
    numbers = st.integers(1, 3)
    some_channel = st.sampled_from(Channel.values)
    last_day = st.sampled_from(["inside", "outside"])
    spent = leaf("spending_in_window", at_least=amounts)
    traced = leaf("spending_in_window", at_least=amounts, refunds=st.just("of_purchases"))
    monthly = st.one_of(
        leaf("months_in_row", months=numbers, at_least=amounts),
        leaf("months_in_row", months=numbers, count=numbers),
        leaf("months_in_row", months=numbers, at_least=amounts, count=numbers),
    )
    return {
        "stage": leaf("stage", stages=some([
            "awareness", "application", "activation", "loyalty", "filed", "supplemented",
            "approved", "ended", "issued", "activated", "used",
        ])),
        "branch": leaf("branch", branches=some(list(worlds.BRANCHES), 2)),
        "age": ranged("age", [0, 16, 17, 18, 24, 36]),
        "potential": ranged("potential", [0, 20, 30, 40, 55, 100]),
        "issued_within": leaf("issued_within", days=st.integers(18, 22)),
        "activated": leaf("activated"),
        "first_used": leaf("first_used"),
        "cards_held": ranged("cards_held", [0, 1, 2, 3]),
        "product_held": leaf("product_held", products=some([*worlds.PRODUCTS, "P9"])),
        "first_transaction": leaf(
            "first_transaction", days=st.integers(1, 9), last_day=last_day, at_least=amounts
        ),
        "spending_in_window": joined(st.one_of(spent, traced), window(start), filters),
        "purchases_in_window": joined(
            leaf("purchases_in_window", at_least=numbers), window(start), filters
        ),
        "spending_days_in_window": joined(
            leaf("spending_days_in_window", at_least=numbers), window(start), filters
        ),
        "months_in_row": joined(monthly, filters),
        "points_balance": ranged("points_balance", [0, 400, 500, 501, 1000]),
        "points_redeemed": joined(
            leaf("points_redeemed", at_least=st.sampled_from([1, 499, 500, 999])), window(start)
        ),
        "consent": st.one_of(
            leaf("consent", purpose=st.just("marketing"), channel=some_channel),
            leaf("consent", purpose=st.sampled_from(["sharing", "decisions"])),
        ),
        "asleep": leaf("asleep", months=numbers),
        "falling_asleep": leaf("falling_asleep", months=numbers, within_days=st.integers(1, 40)),
        "persons_brought": joined(brought, window(start)),
        "not_in_campaign": leaf("not_in_campaign", campaigns=some([*worlds.CAMPAIGNS, "x-no"])),
        "near_goal": near,
    }  # fmt: skip


def depth(rule: Leaf) -> int:
    if "kind" in rule:
        return 1
    parts = [rule["not"]] if "not" in rule else next(iter(rule.values()))
    return 1 + max(depth(part) for part in parts)


def trees(start: dt.date) -> st.SearchStrategy[Leaf]:
    leaves = st.one_of(*by_kind(start).values())
    return st.recursive(
        leaves,
        lambda parts: st.one_of(
            st.lists(parts, min_size=1, max_size=4).map(lambda found: {"all": found}),
            st.lists(parts, min_size=1, max_size=3).map(lambda found: {"any": found}),
            parts.map(lambda found: {"not": found}),
        ),
        max_leaves=6,
    ).filter(lambda rule: depth(rule) <= tree.MOST_LEVELS)
