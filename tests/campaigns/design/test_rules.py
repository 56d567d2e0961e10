"""Trees, places and estimates."""

import random

import pytest

from campaigns.design.enums import Step
from campaigns.design.rules import estimating, places, trees

A, B = {"kind": "activated"}, {"kind": "first_used"}


@pytest.mark.parametrize(
    ("place", "step", "anchor"),
    [
        ("rule.all[2].not.any[0].days", Step.AUDIENCE, "part-2-0-0"),
        ("rule", Step.AUDIENCE, "part-"),
        ("rewards.tiers[1].value", Step.REWARDS, "div_id_tier1-value"),
        ("rewards.tiers[1].needs.all[0]", Step.REWARDS, "needs-1"),
        ("budget.total", Step.BUDGET, "div_id_total"),
        ("disclosure.redeem_days", Step.TEXTS, "div_id_redeem_days"),
        ("runs_to", Step.BASICS, "div_id_runs_to"),
        ("code", Step.BASICS, "div_id_code"),
    ],
)
def test_places_lead_to_the_field(place: str, step: str, anchor: str) -> None:
    assert places.place_of(place) == places.Place(Step(step), anchor)


@pytest.mark.parametrize("way", ["3", "0-0", "x", "0-", "-"])
def test_a_way_that_leads_nowhere_is_refused(way: str) -> None:
    with pytest.raises(trees.WayLost):
        trees.find({"all": [A, B]}, way)


def test_what_is_turned_round_goes_with_its_not() -> None:
    root = {"all": [A, {"not": B}]}
    assert trees.changed(root, "1-0", "remove") == ({"all": [A]}, "")
    assert trees.changed(root, "1", "negate") == ({"all": [A, B]}, "1")
    assert trees.changed(root, "1", "up") == ({"all": [{"not": B}, A]}, "0")


def test_empty_groups_ask_nothing() -> None:
    assert trees.pruned({"all": [{"any": []}, {"not": {"all": []}}]}) is None
    assert trees.pruned({"all": [A, {"any": []}]}) == {"all": [A]}


def test_an_estimate_holds_the_truth_about_as_often_as_it_says() -> None:
    chance = random.Random(7)
    inside = 0
    for seed in range(400):
        whole = [chance.choice([0, 3, 5, 20, 40]) for _span in range(200)]
        order = random.Random(seed)
        found = order.sample(whole, 40)
        one = estimating.estimate(found, 200)
        inside += one.low <= sum(whole) <= one.high
    assert 0.92 <= inside / 400 <= 0.99


def test_all_spans_are_exact_and_none_found_is_bounded() -> None:
    assert estimating.estimate([1, 2, 3], 3) == estimating.Estimate(6, 0)
    assert estimating.estimate([0] * 10, 1000) == estimating.Estimate(0, 300)


def test_spans_cover_every_id_once() -> None:
    spans = estimating.spans_in_turn(5, 1234, 100, seed=1)
    ids = sorted(one for first, end in spans for one in range(first, end) if one <= 1234)
    assert ids == list(range(5, 1235))
    assert spans == estimating.spans_in_turn(5, 1234, 100, seed=1)
