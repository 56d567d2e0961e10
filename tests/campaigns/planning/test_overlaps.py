"""Two campaigns that would reward the same customers twice for the same spending."""

from typing import Any

import pytest
from django.utils import translation

from campaigns.planning import queries
from campaigns.planning.rules import linting, plans
from campaigns.submission import operations as submission
from merchants.directory import operations as directory
from portal.models import Submission
from tests.campaigns.planning.test_linting import USED, faults, spent
from tests.factories.campaigns import AT, ON, PLAN, TIER, approved, draft, hand_in
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import BranchFactory, StaffFactory

BLOCKED, WARNED = [("rewards.tiers[0]", True)], [("products", False)]


def spends(**fields: Any) -> dict[str, Any]:
    return {"rule": {"all": [USED, spent(500) | fields]}}


def without(*codes: str) -> dict[str, Any]:
    return {"rule": {"all": [USED, spent(500), {
        "kind": "not_in_campaign", "campaigns": list(codes)}]}}  # fmt: skip


def between(first: str, last: str) -> dict[str, Any]:
    return {"rule": {"all": [USED, {
        "kind": "purchases_in_window", "counted_from": "dates", "first_date": first,
        "last_date": last, "last_day": "inside", "at_least": 3}]}}  # fmt: skip


def also(condition: dict[str, Any]) -> dict[str, Any]:
    return {"rule": {"all": [USED, spent(500), condition]}}


LASTING: list[dict[str, Any]] = [
    {"kind": "issued_within", "days": 20}, {"kind": "branch", "branches": ["N1"]},
]  # fmt: skip
PASSING: list[dict[str, Any]] = [
    {"kind": "age", "at_least": 60}, {"kind": "cards_held", "at_least": 2},
    {"kind": "consent", "purpose": "marketing", "channel": "sms"},
    {"kind": "product_held", "products": ["GOLD"]}, {"kind": "not_in_campaign", "campaigns": ["y"]},
]  # fmt: skip


# What the plan and the other say differently, and what is found of the plan.
@pytest.mark.parametrize(("mine", "theirs", "expected"), [
    ({}, {}, BLOCKED),
    # Other cards, days, kinds or branches.
    ({}, {"products": ["SILVER"]}, []),
    ({}, {"runs_from": "2027-01-01", "runs_to": "2027-02-01"}, []),
    ({}, {"runs_from": "2026-12-31", "runs_to": "2027-02-01"}, BLOCKED),
    ({}, {"issued_from": "2026-06-01", "issued_to": "2026-07-01"}, []),
    ({}, {"rewards": {"tiers": [TIER | {"kind": "cash_back"}]}}, []),
    ({"branches": ["N1"]}, {"branches": ["S"]}, []),
    ({"branches": ["N1"]}, {"branches": ["N"]}, BLOCKED),
    ({"branches": ["N1"]}, {}, BLOCKED),
    # Points are points, however reckoned.
    ({"rewards": {"tiers": [TIER | {"kind": "points", "points": 5}]}},
     {"rewards": {"tiers": [TIER | {"kind": "multiple", "points": 5, "times": 2, "spending": {
         "days": 9, "last_day": "inside", "at_least": 5}}]}}, BLOCKED),
    # Other purchases, or other days of them.
    (spends(scenarios=["dining"]), spends(scenarios=["travel"]), WARNED),
    (spends(scenarios=["dining"]), spends(scenarios=["dining", "travel"]), BLOCKED),
    (spends(scenarios=["dining"]), {}, BLOCKED),
    (spends(mccs=["5811-5814"]), spends(mccs=["5815"]), WARNED),
    (spends(mccs=["5811-5814"]), spends(mccs=["5812"]), BLOCKED),
    (spends(cities=["330100"]), spends(cities=["330200"]), WARNED),
    (spends(cities=["330100"]), spends(cities=["330000"]), BLOCKED),
    (between("2026-03-01", "2026-03-31"), between("2026-04-01", "2026-04-30"), WARNED),
    (between("2026-03-01", "2026-04-01"), between("2026-04-01", "2026-04-30"), BLOCKED),
    # Something else than spending is rewarded, or nobody can ever reach both.
    ({"rule": USED}, {}, WARNED),
    *((also(one), also({"not": one}), WARNED) for one in LASTING),
    ({"rule": {"any": also(LASTING[0])["rule"]["all"]}}, also({"not": LASTING[0]}), BLOCKED),
    # Nobody meets both on one evening, but one after the other.
    *((also(one), also({"not": one}), BLOCKED) for one in PASSING),
    (also({"kind": "points_balance", "at_most": 999}),
     also({"kind": "points_balance", "at_least": 1000}), BLOCKED),
    ({"rule": {"all": [between("2026-03-01", "2026-06-30")["rule"]["all"][1],
                       {"not": spent(500)}]}}, {}, BLOCKED),
    # One leaves out whom the other rewarded, or both do; another campaign is no way out.
    (without("x"), {}, WARNED), ({}, without("mine"), WARNED), (without("x"), without("mine"), []),
    (without("y"), {}, BLOCKED),
    ({"rule": {"all": [USED, spent(500), {
        "kind": "near_goal", "campaign": "x", "at_most": 500, "days_left": 1}]}}, {}, BLOCKED),
    ({"rule": {"any": without("x")["rule"]["all"]}}, {}, BLOCKED),
    # Both are meant, and say so: whichever of the two.
    ({"stacks_with": ["x"]}, {}, []), ({}, {"stacks_with": ["mine"]}, []),
    ({"stacks_with": ["y"]}, {}, BLOCKED),
])  # fmt: skip
def test_another_campaign_that_rewards_the_same_spending_blocks(
    mine: dict[str, Any], theirs: dict[str, Any], expected: list[tuple[str, bool]]
) -> None:
    other = plans.read_plan({n: v for n, v in (PLAN | theirs).items() if n != "code"})
    below = {"N": frozenset({"N", "N1"}), "N1": frozenset({"N1"}), "S": frozenset({"S"})}
    around = {"others": (linting.Other("x", "X", other),), "code": "mine", "below": below}
    assert faults(around, **mine) == expected


def test_the_place_of_a_tier_that_meets_another_campaign_is_named() -> None:
    both = TIER | {"code": "cash", "kind": "cash_back"}
    other = plans.read_plan(
        {n: v for n, v in PLAN.items() if n != "code"} | {"rewards": {"tiers": [both]}}
    )
    found = faults(
        {"others": (linting.Other("x", "X", other),)},
        rewards={"mode": "each", "tiers": [TIER, both]},
    )
    assert found == [("rewards.tiers[1]", True)]


@pytest.mark.django_db
def test_a_campaign_that_waits_for_its_approval_is_met_and_a_declared_one_is_shown() -> None:
    other = draft(code="other")
    hand_in(other)
    version = draft()
    with pytest.raises(submission.PlanNotFit) as refused:
        hand_in(version)
    assert [fault.place for fault in refused.value.faults] == ["rewards.tiers[0]"]
    assert Submission.objects.count() == 1
    beside = draft(stacks_with=["other"])
    hand_in(beside)
    with translation.override("en"):
        digest = queries.digest_of(Submission.objects.latest("id").snapshot)
    assert digest is not None
    assert ("Rewards the same spending beside", "First gift") in digest.facts
    with pytest.raises(plans.PlanWrong, match=r"stacks_with.*nowhere"):
        draft(stacks_with=["nowhere"])


@pytest.mark.django_db
def test_branches_are_known_with_those_below_them() -> None:
    north = BranchFactory(code="N")
    BranchFactory(code="N1", parent=north)
    approved(code="other", branches=["N"])
    for code, places in (("N1", ["rewards.tiers[0]"]), ("S", [])):
        if code == "S":
            BranchFactory(code="S")
        found = linting.blocks_of(queries.faults_of(draft(branches=[code]), on=ON))
        assert [fault.place for fault in found] == places


@pytest.mark.django_db
def test_what_holds_of_two_versions_of_a_campaign_is_said_once() -> None:
    approved(code="other")
    hand_in(draft(code="other", budget={"total": "2000.00"}))
    with pytest.raises(submission.PlanNotFit) as refused:
        hand_in(draft())
    assert [fault.place for fault in refused.value.faults] == ["rewards.tiers[0]"]


@pytest.mark.django_db
def test_merchants_that_were_merged_are_the_same_spending() -> None:
    """A condition that names one of them counts the purchases of both (decision 0231)."""
    kept, gone = MerchantFactory(), MerchantFactory()
    other = approved(code="other", **spends(merchants=[kept.number]))
    mine = approved(**spends(merchants=[gone.number]))
    submitted = draft(code="third", stacks_with=["other"], **spends(merchants=[gone.number]))
    running = queries.running_on(ON)

    def found() -> list[list[linting.Fault]]:
        by_row = queries.blocks_among(running, on=ON)
        return [
            by_row[mine.pk], by_row[other.pk], queries.overlaps_of(mine.campaign, on=ON),
            linting.blocks_of(queries.faults_of(submitted, on=ON)),
        ]  # fmt: skip

    apart = found()
    assert [len(faults) for faults in apart] == [0, 0, 0, 1]  # the third stands beside mine
    merge = directory.merge_merchants(
        kept=kept, merged=gone, reason="x", actor=StaffFactory(), at=AT
    )
    one, two, three, four = found()
    assert [fault.place for fault in one + two + three] == ["rewards.tiers[0]"] * 3
    assert four == apart[3]  # of the other it says that both are meant
    directory.undo_merge(merge=merge, reason="x", actor=StaffFactory(), at=AT)
    assert found() == apart
