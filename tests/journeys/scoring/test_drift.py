"""The index of stability against its formula, and what moves it."""

import dataclasses
import json
import math

import numpy as np
import pytest

from journeys.scoring.rules import call_card, drift, moved
from tests.journeys.scoring.made_calls import make_calls


def test_the_index_is_that_of_the_formula() -> None:
    then, now = {"a": 60, "b": 40}, {"a": 30, "b": 70}
    expected = (0.3 - 0.6) * math.log(0.3 / 0.6) + (0.7 - 0.4) * math.log(0.7 / 0.4)
    assert drift.index(then, now) == pytest.approx(expected)
    assert drift.index(then, then) == 0
    assert drift.index(then, {"a": 10, "b": 0, "c": 10}) > moved.LARGE
    assert drift.index(then, {}) == 0


def test_like_calls_have_not_moved_and_others_have() -> None:
    calls = make_calls(2000, seed=1)
    then = json.loads(json.dumps(drift.parts_of(calls, with_traits=True)))
    assert sum(then["balance"]["counts"].values()) == 2000
    like = drift.drift_of(then, make_calls(2000, seed=2))
    assert all(one.is_small for one in like)
    assert [one.index for one in like] == sorted((one.index for one in like), reverse=True)
    other = make_calls(2000, seed=2)
    other = dataclasses.replace(
        other, balance=other.balance + 3000, channel=np.repeat("mobile", 2000)
    )
    found = {one.fact: one for one in drift.drift_of(then, other)}
    assert {fact for fact, one in found.items() if one.is_large} == {"balance", "channel"}


def test_without_traits_none_is_kept() -> None:
    then = drift.parts_of(make_calls(200), with_traits=False)
    assert not {"age", "job", "marital", "education"} & set(then)


def test_a_word_that_few_have_is_kept_of_nobody() -> None:
    calls = make_calls(400)
    calls.job[7] = "astro"
    then = drift.parts_of(calls, with_traits=True)["job"]
    assert "astro" not in json.dumps(then)
    assert then["counts"][drift.RARE] == 1
    assert then["counts"][drift.UNKNOWN] == int((calls.job == "").sum())


def test_the_scorecard_goes_up_to_a_hundred_and_has_its_edges() -> None:
    calls = make_calls(6)
    calls = dataclasses.replace(
        calls,
        attempts=np.array([1.0, 2, 3, 4, 1, 1]),
        earlier_result=np.array(["success", "failure", "", "other", "success", "success"]),
        channel=np.array(["mobile", "landline", "", "mobile", "mobile", "mobile"]),
        since=np.array([10.0, 179, np.nan, 180, 10, 10]),
    )
    assert call_card.scores_of(calls).tolist() == [100, 50, 33, 45, 100, 100]
