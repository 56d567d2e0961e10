"""How a due step is judged: the wait for behaviour at the very instant of its end."""

import datetime as dt

import pytest

from campaigns.planning.rules.touches import Step
from campaigns.touches.rules import judging
from tests.campaigns.touches.test_variants import step_of
from tests.factories.touches import step

DUE = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
TICK, DAY = dt.timedelta(microseconds=1), dt.timedelta(days=1)
OVER = DUE + 20 * DAY


def waiting(then: str = "skip", otherwise: str = "send") -> Step:
    return step_of(step("a", wait={"until": {"kind": "activated"}, "days": 20,
                                   "then": then, "otherwise": otherwise}))  # fmt: skip


def judged(at: dt.datetime, *, has_come: bool = False, one: Step | None = None,
           entered_at: dt.datetime = DUE - DAY, wait_until: dt.datetime | None = None,
           ) -> judging.Verdict:  # fmt: skip
    asked = judging.Asked(
        planned_at=DUE, entered_at=entered_at, wait_until=wait_until, valid_until=None,
        has_come=has_come,
    )  # fmt: skip
    return judging.judge(one or waiting(), asked, at, lambda begun: begun + 2 * DAY)


@pytest.mark.parametrize(
    ("at", "has_come", "state", "answer"),
    [
        (DUE, False, "waiting", "awaits"),
        (DUE + 19 * DAY, False, "waiting", "awaits"),
        (OVER - TICK, False, "waiting", "awaits"),
        (OVER, False, "send", ""),
        (OVER + TICK, False, "send", ""),
        (OVER + 21 * DAY, False, "send", ""),
        # What came by that very instant has come.
        (DUE, True, "skipped", "wait_met"),
        (OVER - TICK, True, "skipped", "wait_met"),
        (OVER, True, "skipped", "wait_met"),
    ],
)
def test_a_wait_is_over_at_the_instant_of_its_last_day(
    at: dt.datetime, has_come: bool, state: str, answer: str
) -> None:
    found = judged(at, has_come=has_come)
    assert (found.state, found.answer, found.wait_until) == (state, answer, OVER)


@pytest.mark.parametrize(("left", "due"), [(21, 20), (20, 19), (1, 0)])
def test_it_is_looked_at_daily_and_at_the_end(left: int, due: int) -> None:
    """Whatever the hour of the sweep, it is due at the end to the instant."""
    hour = dt.timedelta(hours=1)
    at = OVER - left * DAY + hour
    assert judged(at, wait_until=OVER).due_at == OVER - due * DAY + (hour if due else 0 * hour)


def test_whoever_enters_later_waits_from_then_on() -> None:
    found = judged(DUE + DAY, entered_at=DUE + DAY)
    assert found.wait_until == DUE + 21 * DAY


@pytest.mark.parametrize(
    ("then", "otherwise", "has_come", "expected"),
    [
        ("send", "skip", True, ("send", "", "")),
        ("send", "skip", False, ("skipped", "wait_over", "")),
        ("leave", "send", True, ("skipped", "wait_met", "wait")),
        ("skip", "leave", False, ("skipped", "wait_over", "wait")),
    ],
)
def test_each_way_out_of_a_wait(
    then: str, otherwise: str, has_come: bool, expected: tuple[str, str, str]
) -> None:
    found = judged(OVER, has_come=has_come, one=waiting(then, otherwise))
    assert (found.state, found.answer, found.left) == expected


def test_what_is_told_after_a_wait_is_good_for_its_days_from_then_on() -> None:
    assert judged(OVER + 9 * DAY).valid_until == OVER + 11 * DAY
