"""The order in which leads are called."""

import datetime as dt
from typing import Any

import pytest

from journeys.telemarketing import rules
from journeys.telemarketing.rules import Candidate

HOURS, DAYS = dt.timedelta(hours=1), dt.timedelta(days=1)
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def candidate(number: int, **values: Any) -> Candidate:
    usual: dict[str, Any] = {
        "is_own": False, "priority": 50, "attempts": 0, "called": None, "promised_at": None,
        "created_at": NOON - DAYS,
    }  # fmt: skip
    return Candidate(number, **{**usual, **values})


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"promised_at": NOON - HOURS}, {"promised_at": NOON, "priority": 100}),
        ({"promised_at": NOON}, {"is_own": True, "priority": 100}),
        ({"is_own": True, "priority": 0}, {"priority": 100}),
        ({"priority": 51}, {"promised_at": NOON + HOURS}),
        ({"called": NOON - 20 * HOURS, "attempts": 3}, {"called": NOON - 24 * HOURS}),
        ({"attempts": 1}, {"attempts": 2}),
        ({"created_at": NOON}, {}),
    ],
)
def test_the_order_of_the_next(better: dict[str, Any], worse: dict[str, Any]) -> None:
    one, other = candidate(2, **better), candidate(1, **worse)
    assert rules.ranked([other, one], now=NOON) == [one, other]
    twins = [candidate(1, **better), candidate(2, **better)]
    assert rules.ranked(reversed(twins), now=NOON) == twins


@pytest.mark.parametrize(
    ("hour", "part"),
    [(0, "early"), (11, "early"), (12, "noon"), (13, "noon"), (14, "afternoon"),
     (17, "afternoon"), (18, "evening"), (23, "evening")],
)  # fmt: skip
def test_the_parts_of_a_day(hour: int, part: str) -> None:
    assert rules.part_of_day(NOON.replace(hour=hour)) == part
