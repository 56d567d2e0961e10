"""The bank's days are days of the bank's time zone, whatever zone an instant is given in."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from portal.kit import clock

UTC = dt.UTC


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (dt.datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC), dt.date(2026, 3, 1)),
        (dt.datetime(2026, 3, 1, 16, 0, 0, tzinfo=UTC), dt.date(2026, 3, 2)),
        (dt.datetime(2025, 12, 31, 16, 0, 0, tzinfo=UTC), dt.date(2026, 1, 1)),
        (dt.datetime(2026, 3, 1, 23, 0, tzinfo=ZoneInfo("America/New_York")), dt.date(2026, 3, 2)),
    ],
)
def test_an_instant_falls_on_the_banks_day(at: dt.datetime, day: dt.date) -> None:
    assert clock.bank_day(at) == day


def test_the_days_are_those_of_the_setting(settings: Any) -> None:
    settings.TIME_ZONE = "UTC"
    assert clock.bank_day(dt.datetime(2026, 3, 1, 16, tzinfo=UTC)) == dt.date(2026, 3, 1)


def test_today_and_now_come_from_the_same_clock() -> None:
    with time_machine.travel(dt.datetime(2026, 3, 1, 16, 0, tzinfo=UTC), tick=False):
        assert clock.now() == dt.datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
        assert clock.today() == dt.date(2026, 3, 2)


def test_a_day_starts_at_the_banks_midnight() -> None:
    start = clock.start_of(dt.date(2026, 3, 2))
    assert start == dt.datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
    assert clock.bank_day(start) == dt.date(2026, 3, 2)
    assert clock.bank_day(start - dt.timedelta(microseconds=1)) == dt.date(2026, 3, 1)
