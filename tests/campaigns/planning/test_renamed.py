"""Tiers that a newer version calls otherwise: what was given already would be given again."""

from typing import Any

import pytest

from campaigns.planning.rules import plans
from campaigns.submission import operations as submission
from tests.campaigns.planning.test_linting import USED, faults, spent
from tests.campaigns.rewards.test_multiples import TRIPLE, spender, version_of
from tests.campaigns.rewards.test_persons import FRIEND
from tests.factories.campaigns import PLAN, TIER, draft, hand_in

AGAIN, WARNED = [("rewards.tiers[0].code", True)], [("rewards.tiers[0].code", False)]
SPEND = {"counted_from": "dates", "last_day": "inside", "at_least": 500,
         "kind": "spending_in_window"}  # fmt: skip
MARCH = SPEND | {"first_date": "2026-03-01", "last_date": "2026-03-31"}
APRIL = SPEND | {"first_date": "2026-04-01", "last_date": "2026-04-30"}


def tier(code: str, needs: Any = None, **changes: Any) -> dict[str, Any]:
    return TIER | {"code": code, "kind": "cash_back", "needs": needs} | changes


def points(code: str, needs: Any = None) -> dict[str, Any]:
    return tier(code, needs, kind="points", points=100)


def each(*tiers: dict[str, Any], mode: str = "each") -> dict[str, Any]:
    return {"rule": USED, "rewards": {"mode": mode, "tiers": list(tiers)}}


def plan_of(changes: dict[str, Any]) -> plans.Plan:
    return plans.read_plan({k: v for k, v in (PLAN | changes).items() if k != "code"})


# What an earlier version gave, what this one gives, and what is found of it.
@pytest.mark.parametrize(("before", "now", "expected"), [
    (each(tier("a", spent(500))), each(tier("b", spent(600))), AGAIN),
    (each(tier("a", spent(500))), each(tier("a", spent(600))), []),
    (each(tier("a", spent(500))), each(tier("b", spent(600)), tier("a", spent(500))), []),
    (each(points("a", spent(500))), each(tier("b", spent(500))), []),
    # Points are points, however they are reckoned.
    (each(TRIPLE), each(TRIPLE | {"code": "b"}), AGAIN),
    (each(TRIPLE), each(points("b", MARCH)), AGAIN),
    # Other days of spending, or none at all.
    (each(tier("a", MARCH)), each(tier("b", APRIL)), []),
    (each(tier("a", MARCH)), each(tier("b", {"kind": "activated"})), WARNED),
    (each(tier("a", {"kind": "activated"})), each(tier("b", {"kind": "activated"})), WARNED),
    # One at a time, whatever it is called; or no more persons than the plan allows.
    (each(tier("a"), mode="highest"), each(tier("b")), []),
    (each(tier("a")), each(tier("b"), mode="highest"), []),
    (each(FRIEND), each(FRIEND | {"code": "b"}), []),
    (each(FRIEND), each(points("b")), WARNED),
])  # fmt: skip
def test_what_was_given_under_a_code_that_is_gone_would_be_given_again(
    before: dict[str, Any], now: dict[str, Any], expected: list[tuple[str, bool]]
) -> None:
    budget: dict[str, Any] = {"budget": {"total": "5000.00"}}
    around = {"earlier": (plan_of(before), plan_of(before))}
    of_tiers = [one for one in faults(around, **budget, **now) if "code" in one[0]]
    assert of_tiers == expected


def test_a_code_that_any_earlier_version_gave_is_none_that_is_new() -> None:
    before = (plan_of(each(tier("a", MARCH))), plan_of(each(tier("b", MARCH))))
    found = faults({"earlier": before}, **each(tier("a", MARCH)))
    assert [one for one in found if "code" in one[0]] == []


@pytest.mark.django_db
def test_multiplied_points_under_a_new_code_are_not_submitted() -> None:
    version_of(TRIPLE, mode="each")
    spender("3000.00")
    rewards = {"mode": "each", "tiers": [TRIPLE | {"code": "anew"}]}
    rule = {"all": [{"kind": "activated"}, {"kind": "first_used"}]}
    with pytest.raises(submission.PlanNotFit) as refused:
        hand_in(draft(rule=rule, rewards=rewards))
    assert [fault.place for fault in refused.value.faults] == ["rewards.tiers[0].code"]
    # What was neither approved nor waits for it gave nothing.
    other = {"rule": rule, "code": "other", "stacks_with": [PLAN["code"]]}
    draft(rewards={"mode": "each", "tiers": [TRIPLE]}, **other)
    hand_in(draft(rewards=rewards, **other))
