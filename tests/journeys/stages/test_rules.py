"""A funnel from counts of days."""

import statistics

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from journeys.stages import rules
from journeys.stages.rules import funnels


@given(days=st.lists(st.integers(0, 12), min_size=1, max_size=30))
def test_the_median_of_counted_days_is_the_median_of_the_days(days: list[int]) -> None:
    found = sorted(set(days))
    counted = [days.count(day) for day in found]
    assert funnels.median(found, counted) == statistics.median(days)


def test_nobody_has_no_median() -> None:
    assert funnels.median([], []) is None


def test_who_came_in_a_time_not_known_counts_as_reached_and_for_no_median() -> None:
    counts: list[tuple[str, int, list[int | None], list[int]]] = [
        ("", 0, [0], [9]), ("", 1, [2, 8, None], [1, 1, 5]), ("", 1, [4, None], [1, 1]),
        ("", 2, [None], [3]),
    ]  # fmt: skip
    (funnel,) = rules.funnels_of(counts)
    found = [(step.reached, step.median_days, step.timed) for step in funnel.steps[:3]]
    assert found == [(9, None, 0), (9, 4, 3), (3, None, 0)]
    assert [step.is_partly_timed for step in funnel.steps[:3]] == [False, True, False]


def test_a_funnel_says_who_came_how_far() -> None:
    counts = [
        ("", 0, [0], [8]), ("", 1, [1, 5], [2, 1]), ("", 1, [1], [1]), ("", 2, [10], [2]),
        ("", 3, [4], [2]), ("", 6, [0], [1]), ("", 8, [0], [1]),
    ]  # fmt: skip
    with translation.override("en"):
        (funnel,) = rules.funnels_of(counts)
        flows = funnel.flows()
    found = [(step.reached, step.stayed, step.of_before, step.of_first, step.median_days)
             for step in funnel.steps]  # fmt: skip
    assert found == [
        (8, 4, None, None, None), (4, 2, 50, 50, 1), (2, 0, 50, 25, 10), (2, 2, 100, 25, 4),
        (0, 0, 0, 0, None), (0, 0, None, 0, None),
    ]  # fmt: skip
    found_standing = (funnel.ended, funnel.approved, funnel.supplemented)
    assert (funnel.entered, *found_standing) == (8, 1, 0, 1)
    assert [(flow.source, flow.target, flow.customers, flow.share) for flow in flows] == [
        ("Registered", "Applied for a card", 4, 50),
        ("Registered", "No application yet", 4, 50),
        ("Applied for a card", "Card issued", 2, 50),
        ("Applied for a card", "Application open, documents in", 1, 25),
        ("Applied for a card", "Refused or withdrawn", 1, 25),
        ("Card issued", "Card activated", 2, 100),
        ("Card activated", "Not used yet", 2, 100),
    ]
    assert [flow.is_lost for flow in flows] == [False] * 4 + [True] + [False] * 2


@given(
    reached=st.lists(st.integers(0, 50), min_size=6, max_size=6),
    ended=st.integers(0, 50), approved=st.integers(0, 50), supplemented=st.integers(0, 50),
)  # fmt: skip
def test_whoever_reached_a_step_went_on_or_stopped_somewhere(
    reached: list[int], ended: int, approved: int, supplemented: int
) -> None:
    reached = sorted(reached, reverse=True)
    stayed = reached[1] - reached[2]
    ended = min(ended, stayed)
    approved = min(approved, stayed - ended)
    supplemented = min(supplemented, stayed - ended - approved)
    counts = [("", step, [1], [count]) for step, count in enumerate(reached)]
    standing = ((6, ended), (7, approved), (8, supplemented))
    counts += [("", step, [0], [count]) for step, count in standing]
    found = rules.funnels_of(count for count in counts if count[3] != [0])  # as they are kept
    assert len(found) == (1 if any(reached) else 0)
    if not found:
        return
    funnel = found[0]
    for step in funnel.steps[:-1]:
        ways = [flow for flow in funnel.flows() if flow.source == step.name]
        assert sum(flow.customers for flow in ways) == step.reached
        assert sum(flow.customers for flow in ways if flow.is_end) == step.stayed
        assert all(flow.customers > 0 for flow in ways)


@pytest.mark.parametrize(("told_apart", "level"), [
    ([], 0), (["product"], 2), (["month"], 4), (["branch"], 1), (["product", "month"], 6),
    (["branch", "product"], 3), (["branch", "month"], None),
    (["branch", "product", "month"], None),
])  # fmt: skip
def test_the_coarsest_level_that_tells_all_apart_is_read(
    told_apart: list[str], level: int | None
) -> None:
    assert rules.level_for(told_apart) == level


@pytest.mark.parametrize(
    ("counts", "keys"), [([], []), ([("b", 0, [0], [1]), ("a", 0, [0], [1])], "ab")]
)
def test_groups_stand_by_key(
    counts: list[tuple[str, int, list[int], list[int]]], keys: str
) -> None:
    assert [funnel.key for funnel in rules.funnels_of(counts)] == list(keys)
