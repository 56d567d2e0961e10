"""Figures, who is like whom, and what may be said of an order."""

import datetime as dt
import math
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from merchants.comparison.enums import Likeness
from merchants.comparison.rules import figures, likeness, standing
from merchants.comparison.rules.figures import NOT_ENOUGH, Figure
from portal.kit import dots

OWN = likeness.Shop("甲", "5812", "dining", "mega")


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def by_month(*values: float, first: int = 1) -> dict[dt.date, float]:
    return {dt.date(2026, first + place, 1): value for place, value in enumerate(values)}


def test_a_mean_has_students_interval() -> None:
    found = figures.mean_of(by_month(10.0, 12.0, 14.0))
    half = 4.303 * 2 / math.sqrt(3)
    assert (found.value, found.cases) == (12.0, 3)
    assert (found.low, found.high) == pytest.approx((12 - half, 12 + half))
    assert found.months == {dt.date(2026, month, 1) for month in (1, 2, 3)}
    assert figures.mean_of(by_month(10.0, 12.0)) == NOT_ENOUGH
    assert figures.mean_of(by_month(0.0, 0.0, 9.0)).low == 0.0


def test_growth_is_of_blocks_of_four_weeks_and_a_steady_one_has_no_width() -> None:
    risen = figures.growth_of([100] * 48 + [120] * 48)
    assert (risen.value, risen.low, risen.high, risen.cases) == pytest.approx((20, 20, 20, 24))
    # Older weeks than twice twelve blocks have no part; what is closed is left out.
    again = figures.growth_of([7] * 8 + [100] * 44 + [None] * 4 + [120] * 48)
    assert (again.value, again.cases) == (pytest.approx(20), 23)
    assert figures.growth_of([100] * 20) == NOT_ENOUGH
    assert figures.growth_of([0] * 96) == NOT_ENOUGH


def test_growth_that_swings_has_the_interval_of_two_samples() -> None:
    found = figures.growth_of([90, 90, 90, 90, 110, 110, 110, 110] * 12)
    spread = math.log(11 / 9) / 2
    reach = figures.student(22) * math.sqrt(2 * (spread**2 * 12 / 11) / 12)
    assert found.value == pytest.approx(0)
    assert found.high == pytest.approx(100 * (math.exp(reach) - 1))


@pytest.mark.parametrize(
    ("count", "low", "high"), [(0, 0.0, 3.68), (10, 4.79, 18.39), (100, 81.36, 121.63)]
)
def test_a_rare_count_has_the_interval_that_tables_of_poisson_say(
    count: int, low: float, high: float
) -> None:
    found = figures.rate_of(count, 12)
    assert found.value == count / 12
    assert (found.low * 12, found.high * 12) == pytest.approx((low, high), abs=0.06)


@pytest.mark.parametrize(
    ("freedom", "t"), [(1, 12.706), (22, 2.074), (25, 2.060), (30, 2.042), (120, 1.980)]
)
def test_student_as_tables_say(freedom: int, t: float) -> None:
    assert figures.student(freedom) == pytest.approx(t, abs=0.003)


@pytest.mark.parametrize(
    ("mcc", "scenario", "size", "kind"),
    [
        ("5812", "dining", "mega", Likeness.SAME_CODE),
        ("5814", "dining", "mega", Likeness.SAME_SCENARIO),
        ("5812", "dining", "other", None),
        ("5411", "groceries", "mega", None),
        ("5812", "dining", None, None),
    ],
)
def test_like_goes_with_like_alone_and_a_sentence_says_why_not(
    mcc: str, scenario: str, size: str | None, kind: Any
) -> None:
    other = likeness.Shop("乙", mcc, scenario, size)
    assert likeness.likeness(OWN, other) == kind
    assert ("乙" in likeness.unlike(OWN, other)) == (kind is None)


@pytest.mark.parametrize(("mcc", "is_like"), [("5651", True), ("5699", True), ("4900", False)])
def test_a_scenario_that_says_nothing_is_no_group(mcc: str, is_like: bool) -> None:
    own, other = (likeness.Shop(name, code, "other", "mega") for name, code in
                  (("甲", "5661"), ("乙", mcc)))  # fmt: skip
    assert (likeness.likeness(own, other) == Likeness.SAME_SCENARIO) == is_like
    assert (likeness.unlike(own, other) == "") == is_like


def of(*bounds: tuple[float, float]) -> dict[str, Figure]:
    return {
        name: Figure((low + high) / 2, low, high, 9)
        for name, (low, high) in zip("abcd", bounds, strict=False)
    }


NAMES = {name: name.upper() for name in "abcd"}


@pytest.mark.parametrize(
    ("bounds", "place"),
    [
        ([(5, 6), (3, 4), (1, 2)], {"a": 1, "b": 2, "c": 3}),
        ([(5, 6), (1, 3), (2, 4)], {"a": 1}),
        ([(1, 6), (3, 4)], {}),
        ([(4, 6), (3, 4)], {}),  # they touch
        ([(1, 2), (8, 9), (7, 8.5)], {"a": 3}),
    ],
)
def test_nobody_is_ranked_whose_interval_overlaps(bounds: Any, place: dict[str, int]) -> None:
    assert standing.standing_of(of(*bounds), NAMES).place == place


def test_what_is_said_of_the_front() -> None:
    def said(*bounds: tuple[float, float]) -> str:
        return standing.standing_of(of(*bounds), NAMES).sentence

    assert said((5, 6), (3, 4)) == "A is ahead of all others: no interval reaches its own."
    assert said((1, 6), (3, 4)) == "No order: all intervals overlap with the first one's."
    assert said((5, 6), (5, 8), (1, 2)) == (
        "No first place: the intervals of B, A overlap. Each of the others is behind at least one "
        "of them."
    )
    assert said((5, 6)) == "Nothing to rank: this figure is known of fewer than two."


def test_what_is_not_known_takes_no_place() -> None:
    found = of((5, 6), (3, 4)) | {"c": NOT_ENOUGH}
    assert standing.standing_of(found, NAMES).place == {"a": 1, "b": 2}


def test_a_mean_of_other_months_takes_no_place() -> None:
    """Who opened in autumn has the high season alone."""
    found = {
        "a": figures.mean_of(by_month(10, 10.1, 9.9, 10)),
        "b": figures.mean_of(by_month(20, 20.1, 19.9, first=2)),
        "c": figures.mean_of(by_month(5, 5.1, 4.9, 5)),
    }
    kept = standing.standing_of(found, NAMES, own="a")
    assert kept.place == {"a": 1, "c": 2}
    assert kept.sentence == (
        "A is ahead of all others: no interval reaches its own. Known of other months, and so "
        "without a place: B."
    )
    alone = standing.standing_of(found, NAMES, own="b")
    assert alone.place == {}
    assert alone.sentence.endswith("without a place: A, C.")


def test_dots_stand_on_one_scale_and_say_what_they_show() -> None:
    drawn = dots.dots_svg(
        [
            dots.Dot("甲", 50, 0, 100, "50 (0 – 100)", is_own=True),
            dots.Dot("<乙>", None, 0, 0, "not known"),
        ],
        title="Turnover",
        write=str,
    )
    assert 'aria-label="Turnover: 甲 50 (0 – 100); &lt;乙&gt; not known"' in drawn
    assert 'cx="50.00%"' in drawn
    assert drawn.count("<circle") == 1
    assert 'x1="2.00%" y1="32" x2="98.00%"' in drawn
    assert ">0.0</text>" in drawn
    assert ">100</text>" in drawn


def test_the_scale_begins_near_figures_that_are_far_from_nought() -> None:
    drawn = dots.dots_svg([dots.Dot("甲", 1.05, 1.0, 1.1, "x")], title="x", write="{:.2f}".format)
    assert ">0.99</text>" in drawn
    assert "stroke-dasharray" not in drawn
    below = dots.dots_svg([dots.Dot("甲", -5, -10, 0, "x")], title="x", write="{:.0f}".format)
    assert ">-10</text>" in below
