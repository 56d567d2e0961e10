"""A funnel from counts of days."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.stages import rules
from journeys.stages.rules import funnels


@given(days=st.lists(st.integers(0, 12), min_size=1, max_size=30))
def test_the_median_of_counted_days_is_the_median_of_the_days(days: list[int]) -> None:
    counted = {day: days.count(day) for day in days}
    assert funnels.median(counted) == statistics.median(days)


def test_nobody_has_no_median() -> None:
    assert funnels.median({}) is None


def test_a_funnel_says_who_came_how_far() -> None:
    counts = [("", 0, 0, 8), ("", 1, 1, 3), ("", 1, 5, 1), ("", 2, 10, 2), ("", 3, 4, 2)]
    (funnel,) = rules.funnels_of(counts)
    found = [(step.reached, step.stayed, step.of_before, step.of_first, step.median_days)
             for step in funnel.steps]  # fmt: skip
    assert found == [
        (8, 4, None, None, None), (4, 2, 50, 50, 1), (2, 0, 50, 25, 10), (2, 2, 100, 25, 4),
        (0, 0, 0, 0, None), (0, 0, None, 0, None),
    ]  # fmt: skip
    assert funnel.entered == 8


@pytest.mark.parametrize(("counts", "keys"), [([], []), ([("b", 0, 0, 1), ("a", 0, 0, 1)], "ab")])
def test_groups_stand_by_key(counts: list[tuple[str, int, int, int]], keys: str) -> None:
    assert [funnel.key for funnel in rules.funnels_of(counts)] == list(keys)
