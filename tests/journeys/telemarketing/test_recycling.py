"""What may come after a call, and when a lead is called again."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from journeys.telemarketing import rules

DAY = dt.date(2026, 3, 2)
FLAGS = (
    "is_reached", "is_interested", "is_sale", "is_refused_for_good", "is_unworkable", "is_callback",
)  # fmt: skip


def at(text: str, days: int = 0) -> dt.datetime:
    return dt.datetime.combine(DAY, dt.time.fromisoformat(text), dt.UTC) + dt.timedelta(days=days)


@pytest.mark.parametrize(("called", "hours", "before", "wanted"), [
    # Of a call in the morning the afternoon comes next, not before the hours are over.
    ("10:00", 2, (), at("13:00")),
    ("10:00", 3, (), at("13:00")),
    ("10:00", 4, (), at("14:00")),
    ("10:00", 7, (), at("17:00")),
    ("10:00", 8, (), at("13:00", 1)),
    ("13:00", 2, (), at("18:00")),
    ("12:59", 2, (), at("14:59")),
    ("18:00", 2, (), at("09:00", 1)),
    ("18:00", 14, (), at("09:00", 1)),
    ("18:00", 15, (), at("09:00", 1)),
    ("18:00", 16, (), at("10:00", 1)),
    ("18:00", 24, (), at("09:00", 2)),
    # What was tried the fewest times comes first.
    ("10:00", 2, ("14:00",), at("18:00")),
    ("10:00", 2, ("14:00", "19:00"), at("13:00")),
    ("14:00", 2, ("19:00", "19:00", "10:00", "10:00"), at("16:00")),
])  # fmt: skip
def test_the_hour_goes_round(
    called: str, hours: int, before: tuple[str, ...], wanted: dt.datetime
) -> None:
    earlier = [at(text, -1) for text in before]
    found = rules.call_again_at(at(called), hours=hours, rotates=True, before=earlier)
    assert found == wanted


def test_without_rotation_the_delay_alone_counts() -> None:
    assert rules.call_again_at(at("10:00"), hours=2, rotates=False) == at("12:00")


@pytest.mark.parametrize(("flags", "steps"), [
    ("", "again lost"),
    ("is_reached", "again lost callback"),
    ("is_reached is_interested", "again lost callback"),
    ("is_reached is_interested is_sale", "won"),
    ("is_reached is_refused_for_good", "do_not_call"),
    ("is_unworkable", "lost"),
    ("is_reached is_unworkable", "lost"),
    ("is_reached is_callback", "callback"),
])  # fmt: skip
def test_what_may_follow(flags: str, steps: str) -> None:
    outcome: Any = SimpleNamespace(**{flag: flag in flags.split() for flag in FLAGS})
    assert [step.value for step in rules.steps_of(outcome)] == steps.split()
