"""Points that follow spending, of tiers of which the highest alone counts: whatever the order in
which they are reached, the same points are had in the end, and cost the same."""

from collections.abc import Sequence
from typing import Any

from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.budgets.rules import yuan
from campaigns.planning.rules import linting, plans
from campaigns.planning.rules.rewards import Tier
from campaigns.rewards import rules
from campaigns.rewards.rules import Candidate, Customer, Standing
from campaigns.wording.rules import lexicon_of
from tests.campaigns.rewards.test_multiples import SPENDING, TRIPLE, USED
from tests.factories.campaigns import ON, PLAN, TIER

# How many points the tiers give at most, and what a thousand of them are worth in each.
MOST, PRICES = (10_000, 20_000, 40_000), (1, 2)
# "" is a fixed number of points.
PRICED = st.tuples(st.sampled_from(["", "1.5", "2", "4"]), st.sampled_from(PRICES))
OFFERS = st.lists(st.sampled_from(MOST), min_size=2, max_size=3, unique=True).flatmap(
    lambda found: st.tuples(
        *(PRICED.map(lambda one, most=most: (one[0], most, one[1])) for most in sorted(found))
    )
)
SPENT = st.lists(st.integers(100, 900_000), min_size=4, max_size=4)
RUNS = st.lists(st.sets(st.integers(0, 3), min_size=1), min_size=1, max_size=4)


def plan_of(offers: Sequence[tuple[str, int, int]], mode: str = "highest") -> plans.Plan:
    tiers = [
        (TRIPLE if times else TIER) | {
            "code": f"t{at}", "points": most, "stock": 100, "value": f"{most * price / 1000:.2f}",
        } | (
            {"times": times, "spending": SPENDING | {"at_least": "100.00"}}
            if times
            else {"kind": "points"}
        )
        for at, (times, most, price) in enumerate(offers)
    ]  # fmt: skip
    raw: dict[str, Any] = {name: value for name, value in PLAN.items() if name != "code"}
    return plans.read_plan(raw | {"rule": USED, "rewards": {"mode": mode, "tiers": tiers}})


def blocked_for_prices(plan: plans.Plan) -> bool:
    """Whether it may not be submitted since its tiers stand in no order, or have no one price."""
    faults = linting.lint(plan, linting.Around(on=ON, words=lexicon_of(ON)))
    return any(one.is_block and one.place.endswith((".value", ".points")) for one in faults)


def has_after(
    plan: plans.Plan, spent: list[int], runs: list[list[int]]
) -> tuple[int | None, str] | None:
    """The points, and what they cost, of one of whom each run finds some tiers reached. What was
    spent is the same in all of them."""
    had: Tier | None = None
    for number, reached in enumerate(runs, start=1):
        standing = () if had is None else (Standing(number - 1, 1, "", number - 1, had),)
        customer = Customer(True, standing, {"": number - 1})
        sums = {at: yuan(spent[at]) for at in reached}
        one = Candidate(1, 1, 1, tuple(reached), sums)
        _answer, gifts = rules.choose(plan.rewards, one, customer, rules.Endless(ON))
        had = gifts[0].tier if gifts else had
    return had and (had.points, str(had.value))


@settings(max_examples=400)
@given(OFFERS, SPENT, RUNS)
def test_no_order_of_the_same_facts_gives_other_points_or_other_money(
    offers: Sequence[tuple[str, int, int]], spent: list[int], runs: list[set[int]]
) -> None:
    plan = plan_of(offers)
    if blocked_for_prices(plan):
        return
    found = [sorted(at for at in run if at < len(offers)) for run in runs]
    found = [run for run in found if run]
    at_once = [sorted({at for run in found for at in run})] if found else []
    ended = {str(has_after(plan, spent, order)) for order in (found, found[::-1], at_once)}
    assert len(ended) == 1, ended


def test_tiers_of_two_prices_are_not_submitted() -> None:
    one_price = [("2", 10_000, 2), ("4", 20_000, 2)]
    two_prices = [("2", 10_000, 1), ("4", 20_000, 2)]
    assert not blocked_for_prices(plan_of(one_price))
    around = linting.Around(on=ON, words=lexicon_of(ON))
    with translation.override("en"):
        found = [one for one in linting.lint(plan_of(two_prices), around) if one.is_block]
    assert [(one.place, one.problem) for one in found] == [(
        "rewards.tiers[1].value",
        "20,000 points are worth ¥40 here, and 10,000 are worth ¥10 in t0: of the two, the one "
        "that is reached first would be what is given.",
    )]  # fmt: skip
    assert blocked_for_prices(plan_of([("", 10_000, 1), ("4", 20_000, 2)]))
    assert not blocked_for_prices(plan_of([("", 10_000, 1), ("", 20_000, 2)]))
    # Where each adds, nothing is exchanged between tiers.
    assert not blocked_for_prices(plan_of(two_prices, mode="each"))


def test_why_it_is_blocked_the_first_that_is_reached_would_stay() -> None:
    """More points of less worth, or fewer of more: neither is exchanged for the other."""
    plan, spent = plan_of([("4", 40_000, 1), ("2", 40_000, 2)]), [200_000, 500_000]
    assert has_after(plan, spent, [[0], [1]]) == (6_000, "6.00")
    assert has_after(plan, spent, [[1], [0]]) == (5_000, "10.00")
