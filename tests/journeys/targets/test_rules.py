"""Splitting exactly, pace by workdays, what scorecards may be, and what they pay."""

import datetime as dt
from decimal import Decimal as D

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from journeys.targets.enums import MeasureKind as K
from journeys.targets.rules import pacing, paying, splitting, weighing

_WEIGHT = st.decimals(0, 1000, places=2)


@given(st.integers(0, 10**7), st.lists(_WEIGHT, min_size=1, max_size=40), st.booleans())
def test_parts_sum_exactly_to_the_whole_and_stay_near_their_share(
    whole: int, weights: list[D], in_cents: bool
) -> None:
    step = D("0.01") if in_cents else D(1)
    total = D(whole) * step
    if not sum(weights):
        with pytest.raises(splitting.NothingToSplitBy):
            splitting.split(total, weights, step=step)
        return
    parts = splitting.split(total, weights, step=step)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < step
        assert weight > 0 or part == 0


@pytest.mark.parametrize(
    ("whole", "weights", "parts"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (10, [1, 2, 3], [2, 3, 5]),
        (0, [1, 1], [0, 0]),
        (1, [0, 5], [0, 1]),
        (7, [49, 51], [3, 4]),
    ],
)
def test_the_largest_remainder_gets_what_is_left(
    whole: int, weights: list[int], parts: list[int]
) -> None:
    assert splitting.split(D(whole), [D(one) for one in weights], step=D(1)) == parts


def test_a_month_is_spread_over_its_workdays() -> None:
    """October 2026: the first seven days are free, the tenth is a Saturday at work."""
    month = dt.date(2026, 10, 1)
    days = [month + dt.timedelta(days=number) for number in range(31)]
    workdays = {day: day.day > 7 and (day.weekday() < 5 or day.day == 10) for day in days}
    count = sum(workdays.values())
    aimed = pacing.aimed_by({month: D(180)}, workdays)
    assert (aimed[dt.date(2026, 10, 7)], aimed[dt.date(2026, 10, 8)]) == (
        0, (D(180) / count).quantize(D("0.01")),
    )  # fmt: skip
    assert aimed[dt.date(2026, 10, 10)] == (D(180) * 3 / count).quantize(D("0.01"))
    assert aimed[dt.date(2026, 10, 11)] == aimed[dt.date(2026, 10, 10)]
    assert aimed[dt.date(2026, 10, 31)] == 180


def test_pace_tells_what_is_due_and_what_was_reached() -> None:
    months = {dt.date(2026, 1, 1): D(31), dt.date(2026, 2, 1): D(28)}
    everyday = dict.fromkeys(pacing.aimed_by(months, {}), True)
    aimed = pacing.aimed_by(months, everyday)
    made = {dt.date(2026, 1, 5): D(20), dt.date(2026, 2, 1): D(16), dt.date(2026, 2, 9): D(99)}
    days = pacing.run_up(aimed, made, on=dt.date(2026, 2, 1))
    # The first of February is not over: only January is due.
    pace = pacing.pace_of(days, on=dt.date(2026, 2, 1))
    assert (pace.target, pace.due, pace.actual, pace.ahead) == (59, 31, 36, 5)
    assert (pace.percent, pace.is_behind) == (D("116.1"), False)
    assert [one.actual for one in days[-2:]] == [None, None]
    for on, due, percent in (
        (dt.date(2025, 12, 31), 0, None), (dt.date(2026, 1, 1), 0, None),
        (dt.date(2026, 1, 2), 1, 0), (dt.date(2026, 3, 1), 59, 0),
    ):  # fmt: skip
        pace = pacing.pace_of(pacing.run_up(aimed, {}, on=on), on=on)
        assert (pace.due, pace.percent) == (due, percent)


@pytest.mark.parametrize(
    ("complaints", "on", "is_behind"),
    [
        (0, 1, False),
        (1, 1, False),
        (2, 1, True),
        (2, 7, True),
        (2, 8, False),
        (4, 31, False),
        (5, 31, True),
    ],
)
def test_of_a_ceiling_so_many_may_be_used_by_now(complaints: int, on: int, is_behind: bool) -> None:
    month = dt.date(2026, 1, 1)
    aimed = pacing.aimed_by({month: D(4)}, dict.fromkeys(pacing.aimed_by({month: D(4)}, {}), True))
    today = month.replace(day=on)
    days = pacing.run_up(aimed, {month: D(complaints)}, on=today)
    pace = pacing.pace_of(days, on=today, is_ceiling=True)
    assert (pace.is_behind, pace.percent) == (is_behind, None)


def weights(**percents: str) -> list[weighing.Weight]:
    """Each of one kind, by the first part of its name."""
    return [
        weighing.Weight(name, K(name.partition("_")[0]), D(percent))
        for name, percent in percents.items()
    ]


@pytest.mark.parametrize(
    ("given_weights", "is_refused"),
    [
        ({"compliance": "35", "risk": "35", "volume": "30"}, False),
        ({"compliance": "35", "risk": "34.99", "volume": "30.01"}, True),
        ({"compliance": "35.01", "risk": "34.99", "volume": "30"}, True),
        ({"compliance": "35", "risk": "35", "volume": "29.99"}, True),
        ({"compliance": "35", "risk": "35", "volume": "30.01"}, True),
        ({"volume": "100"}, True),
        ({"volume": "50", "risk": "25", "compliance": "25"}, True),
        ({"compliance": "20", "compliance_b": "20", "risk": "40", "volume": "20"}, False),
        ({"compliance": "10", "compliance_b": "10", "compliance_c": "10", "compliance_d": "10",
          "risk_a": "10", "risk_b": "10", "risk_c": "10", "risk_d": "10", "volume": "20"}, True),
        ({"compliance": "50", "risk": "20", "quality": "15", "service": "15"}, False),
        ({"compliance": "50", "risk": "19", "quality": "16", "service": "15"}, True),
        ({"compliance": "60", "risk": "40"}, False),
        ({}, True),
    ],
)  # fmt: skip
def test_what_the_supervisor_forbids(given_weights: dict[str, str], is_refused: bool) -> None:
    assert bool(weighing.faults(weights(**given_weights), margin=D(5))) == is_refused


def test_the_sentences_say_what_to_do() -> None:
    with translation.override("en"):
        found = weighing.faults(weights(volume="40", compliance="30", risk="30"), margin=D(5))
        missing = weighing.faults(weights(compliance="50", risk="50"), margin=None)
    assert found == [
        "“volume” measures volume and no measure is heavier: volume may not be the main measure. "
        "Give it less weight.",
        "Compliance has 30 %, Volume has 40 %: Compliance must be at least 5 points above every "
        "other kind.",
        "Risk has 30 %, Volume has 40 %: Risk must be at least 5 points above every other kind.",
    ]
    assert len(missing) == 1


def line(**changes: object) -> paying.Line:
    usual: dict[str, object] = {
        "code": "x", "name": "x", "weight": D(14), "goal": D(10), "floor": D(50), "cap": D(120),
        "unknown": D(0), "is_less_better": False,
    }  # fmt: skip
    return paying.Line(**{**usual, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("actual", "goal", "changes", "points"),
    [
        ("10", "10", {}, "14.00"),
        ("4.9", "10", {}, "0"),
        ("5", "10", {}, "7.00"),
        ("12", "10", {}, "16.80"),
        ("13", "10", {}, "16.80"),
        (None, "10", {}, "0"),
        (None, "10", {"unknown": D(80)}, "11.20"),
        ("0", "4", {"is_less_better": True}, "16.80"),
        ("4", "4", {"is_less_better": True}, "14.00"),
        ("6", "4", {"is_less_better": True}, "7.00"),
        ("8", "4", {"is_less_better": True}, "0"),
        ("0", "0", {"is_less_better": True}, "14.00"),
        ("1", "0", {"is_less_better": True}, "0"),
        ("1", "3", {"floor": D(0)}, "4.67"),
    ],
)
def test_points_by_attainment(
    actual: str | None, goal: str, changes: dict[str, object], points: str
) -> None:
    found = paying.brought(
        line(**changes), None if actual is None else D(actual), D(goal), point_value=D("3.33")
    )
    assert found.points == D(points)
    assert found.amount == (D(points) * D("3.33")).quantize(D("0.01"), rounding="ROUND_HALF_UP")


def test_nothing_is_paid_for_a_month_without_any_work() -> None:
    one = paying.brought(line(), D(10), D(10), point_value=D(10))
    assert paying.pay([one, one], is_at_work=True).amount == 280
    assert paying.pay([one, one], is_at_work=False).amount == 0


@pytest.mark.parametrize(
    ("carried", "earned", "taken", "payable", "left"),
    [
        ("0", "100", "-30", "70", "0"),
        ("0", "100", "-100", "0", "0"),
        ("0", "100", "-100.01", "0", "-0.01"),
        ("-50", "40", "0", "0", "-10"),
        ("-50", "60.01", "-10", "0.01", "0"),
    ],
)
def test_a_month_never_pays_less_than_nothing_and_loses_nothing(
    carried: str, earned: str, taken: str, payable: str, left: str
) -> None:
    assert paying.statement(D(carried), D(earned), D(taken)) == (D(payable), D(left))
