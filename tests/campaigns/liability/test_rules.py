"""What days bring, what limits leave, and the futures that come of both."""

import datetime as dt
from typing import Any

import numpy as np
import pytest

from benchmarks.futures import worlds
from campaigns.liability import rules

MONDAY = dt.date(2026, 6, 1)
DAY = dt.timedelta(days=1)
PLAIN = rules.worth_of([1_000], is_measured=False, is_highest=True)


def known(*sums: float, opened: dt.date = MONDAY - DAY) -> rules.Known:
    """Days of one branch and tier."""
    return rules.Known(MONDAY, opened, np.array(sums, dtype=np.float64).reshape(-1, 1, 1))


def room(**changes: Any) -> rules.Room:
    """What is left of nothing but what is named."""
    free: dict[str, Any] = {
        "whole": np.inf, "per_day": np.inf, "branches": (), "tiers": (np.inf,),
    }  # fmt: skip
    return rules.Room(**free | changes)


def ahead(days: int, found: rules.Known, **more: Any) -> rules.Asked:
    return rules.Asked(found.last + DAY, found.last + days * DAY, found.opened, **more)


def said(found: rules.Known, days: int, left: rules.Room | None = None, **more: Any) -> Any:
    return rules.forecast(found, ahead(days, found, **more), left or room(), PLAIN)


def test_days_that_are_all_alike_go_on_like_that() -> None:
    whole = said(known(*[100.0] * 28), 14).whole
    assert whole.expected == pytest.approx(1_400, rel=0.01)
    assert whole.low == pytest.approx(1_400, rel=0.02)
    assert whole.high == pytest.approx(1_400, rel=0.02)


def test_a_weekend_is_expected_to_be_one() -> None:
    found = known(*[100.0, 100.0, 100.0, 100.0, 100.0, 400.0, 400.0] * 6)
    [five, seven] = [said(found, days).whole.expected for days in (5, 7)]
    assert five == pytest.approx(500, rel=0.1)
    assert seven - five == pytest.approx(800, rel=0.1)


def test_a_rise_goes_on() -> None:
    rising = [100.0 + 1.5 * day for day in range(42)]
    whole = said(known(*rising), 14).whole
    assert whole.expected == pytest.approx(sum(100 + 1.5 * day for day in range(42, 56)), rel=0.05)


def test_a_rush_at_the_start_is_not_expected_again() -> None:
    found = known(*[100.0 + 800.0 * np.exp(-(day + 1) / 4) for day in range(28)])
    assert said(found, 28).whole.expected == pytest.approx(2_800, rel=0.15)


def test_scattered_days_say_less() -> None:
    even = [95.0, 105.0] * 14
    uneven = [20.0, 180.0] * 14
    wide, narrow = (one.high - one.low for one in (
        said(known(*uneven), 14).whole, said(known(*even), 14).whole,
    ))  # fmt: skip
    assert wide > 5 * narrow


def test_where_nothing_was_granted_nothing_is_expected() -> None:
    assert said(known(*[0.0] * 20), 10).whole == rules.Range(0, 0, 0)


@pytest.mark.parametrize(("left", "comes_to"), [
    ({"whole": 205.0}, 200), ({"whole": 9.99}, 0), ({"per_day": 35.0}, 300),
    ({"tiers": (150.0,)}, 150), ({"branches": ((np.array([True]), 119.0),)}, 110),
])  # fmt: skip
def test_limits_hold_to_the_last_whole_reward(left: dict[str, Any], comes_to: int) -> None:
    found = said(known(*[100.0] * 28), 10, room(**left))
    assert found.whole == rules.Range(*[pytest.approx(comes_to)] * 3)
    assert found.branches == (found.whole,)


def test_whom_a_day_refuses_comes_again_on_the_next() -> None:
    found = known(*[50.0, 150.0] * 14)
    assert said(found, 28, room(per_day=100.0)).whole.expected > 2_300


def test_in_how_many_futures_the_budget_ends() -> None:
    found = known(*[90.0, 110.0] * 14)
    assert said(found, 20, room(whole=500.0)).used_up == 100.0
    assert said(found, 20, room(whole=50_000.0)).used_up == 0.0


def test_what_today_granted_is_not_expected_twice() -> None:
    found = known(*[100.0] * 28)
    assert said(found, 1, room(today=60.0)).whole.expected == pytest.approx(40, abs=3)
    capped = said(found, 1, room(today=60.0, per_day=80.0)).whole.expected
    assert capped == pytest.approx(20, abs=1)


def test_the_opening_that_is_still_to_come_is_expected() -> None:
    found = known(*[100.0] * 28)
    asked = rules.Asked(MONDAY, MONDAY + 9 * DAY, MONDAY, np.array([[2_000.0]]))
    whole = rules.forecast(found, asked, room(), PLAIN).whole
    assert whole.expected == pytest.approx(2_900, rel=0.05)
    asked = rules.Asked(MONDAY, MONDAY, MONDAY, np.array([[500.0]]))
    assert rules.forecast(known(*[0.0] * 20), asked, room(), PLAIN).whole.low > 300


def test_of_a_tier_that_is_used_up_the_one_below_is_given() -> None:
    worth = rules.worth_of([1_000, 3_000], is_measured=False, is_highest=True)
    days = np.tile(np.array([[[100.0, 300.0]]]), (28, 1, 1))
    found = rules.Known(MONDAY, MONDAY - DAY, days)
    left = room(tiers=(np.inf, 900.0))
    low, high = rules.forecast(found, ahead(10, found), left, worth).tiers
    assert high.expected == pytest.approx(900)
    assert low.expected == pytest.approx(1_000 + 2_100 / 3, rel=0.05)
    each = rules.worth_of([1_000, 3_000], is_measured=False, is_highest=False)
    low, high = rules.forecast(found, ahead(10, found), left, each).tiers
    assert low.expected == pytest.approx(1_000, rel=0.05)


def test_the_same_seed_draws_the_same() -> None:
    found = known(*[90.0, 110.0] * 14)
    one, same, other = (said(found, 20, seed=seed) for seed in (1, 1, 2))
    assert one == same
    assert one != other


@pytest.mark.parametrize("shape", ["ends early", "branch limit", "stock"])
@pytest.mark.parametrize("seed", range(4))
def test_no_future_breaks_a_limit(shape: str, seed: int) -> None:
    world = worlds.make_world(shape, seed)
    found = rules.forecast(world.known, world.asked, world.room, world.worth)
    assert 0 <= found.whole.low <= found.whole.high <= world.room.whole + 0.005
    for marks, left in world.room.branches:
        ends = [one.high for one, mark in zip(found.branches, marks, strict=True) if mark]
        assert max(ends) <= left + 0.005
    for one, left in zip(found.tiers, world.room.tiers, strict=True):
        assert one.high <= left + 0.005
    parts = sum(one.expected for one in found.branches)
    assert parts == pytest.approx(found.whole.expected)
    assert sum(one.expected for one in found.tiers) == pytest.approx(found.whole.expected)


def test_parties_bear_their_shares() -> None:
    found = rules.split_by({"bank": 7_500, "M1": 2_500}, 10_000, rules.Range(100, 80, 120))
    assert found == {"bank": rules.Range(75, 60, 90), "M1": rules.Range(25, 20, 30)}


def test_a_partys_share_ends_the_campaign() -> None:
    planned = {("campaign", ""): 100.0, ("party", "M1"): 20.0, ("party", "bank"): 80.0}
    used = {("campaign", ""): 40.0, ("party", "M1"): 18.0, ("party", "bank"): 22.0}
    left = rules.room_of(
        planned, used, codes=["a"], values=[10.0], lines=[(1,)],
        weights={"M1": 2_000, "bank": 8_000}, per_day=None,
    )  # fmt: skip
    assert left.whole == pytest.approx(10, abs=0.1)
    assert left.at_most == left.whole


def test_days_from_the_end_of_a_limit_on_are_left_out() -> None:
    rows = [(MONDAY + number * DAY, branch, "a", 10.0) for number in range(6) for branch in (1, 2)
            if branch == 2 or number < 4]  # fmt: skip
    cells = rules.cells_of(rows, first=MONDAY, end=MONDAY + 8 * DAY, tiers=["a"])
    assert cells.amounts.shape == (8, 2, 1)
    ended = room(branches=((np.array([True, False]), 5.0),))
    assert len(rules.before_the_end(cells, ended, PLAIN).amounts) == 3
    assert len(rules.before_the_end(cells, room(whole=3.0), PLAIN).amounts) == 5
    assert rules.before_the_end(cells, room(), PLAIN) is cells


def test_a_forecast_reaches_twice_as_far_as_days_are_known() -> None:
    assert rules.reach_of(known(*[1.0] * 14)) == MONDAY + (13 + 28) * DAY
