"""Days, shares and forecasts, edges included."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.activity.rules import Flow, Ratio, forecast, is_mature, last_since, months_later
from tests.journeys.activity import plain

DAYS = st.dates(dt.date(2019, 1, 1), dt.date(2032, 12, 31))


@given(on=DAYS, months=st.integers(6, 60))
def test_the_last_day_of_rest_of_a_sleeping_card(on: dt.date, months: int) -> None:
    since = last_since(on, months)
    assert plain.asleep_from(since, months) <= on
    assert plain.asleep_from(since + dt.timedelta(days=1), months) > on


def test_days_that_the_later_month_lacks_fall_on_its_last() -> None:
    assert last_since(dt.date(2026, 2, 28), 18) == dt.date(2024, 8, 31)
    assert last_since(dt.date(2026, 2, 27), 18) == dt.date(2024, 8, 27)
    assert months_later(dt.date(2024, 8, 31), 18) == dt.date(2026, 2, 28)


@pytest.mark.parametrize(
    ("part", "whole", "is_reached"),
    [(199, 1000, False), (200, 1000, True), (201, 1000, True), (0, 0, False)],
)
def test_the_ceiling_is_reached_at_20_percent(part: int, whole: int, is_reached: bool) -> None:
    assert Ratio(part, whole).reaches(Decimal(20)) is is_reached


def test_a_ratio_told_in_fives() -> None:
    assert Ratio(4, 13).coarse() == Ratio(0, 15)
    assert Ratio(0, 0).percent is None


def test_a_month_is_whole_once_its_last_card_had_the_days() -> None:
    january = dt.date(2026, 1, 1)
    assert not is_mature(january, 30, dt.date(2026, 3, 1))
    assert is_mature(january, 30, dt.date(2026, 3, 2))


def test_a_forecast_takes_what_left_and_woke() -> None:
    """100 asleep of which a tenth leaves, 50 due of which a fifth wakes: 90 + 40."""
    found = forecast(cards=1000, asleep=100, due=50, flow=Flow(30, 200, 40, 500, 50))
    assert round(found.expected, 6) == 130
    waking, leaving = found.flow.waking, found.flow.leaving
    assert found.low == 100 * (1 - leaving.high) + 50 * (1 - waking.high)
    assert found.high == 100 * (1 - leaving.low) + 50 * (1 - waking.low)
    assert found.low < found.expected < found.high
    assert next(round(one, 4) for one in found.percents) == 13


def test_without_anything_to_learn_from_a_forecast_is_blind() -> None:
    found = forecast(cards=10, asleep=0, due=3, flow=Flow(30, 0, 0, 0, 0))
    assert found.is_blind
    assert (found.low, found.high) == (0, 3)
