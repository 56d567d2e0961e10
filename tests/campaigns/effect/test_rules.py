"""Lifts beside an independent calculation, what is said of few, the draw, days and costs."""

import datetime as dt
import math
import random
import statistics
from decimal import Decimal

import numpy as np
import pytest
from scipy import stats

from campaigns.effect.enums import Finding, Known
from campaigns.effect.rules import (
    Arm,
    Extra,
    Lift,
    Range,
    Terms,
    drawn,
    due_after,
    extra_cost,
    findable,
    is_ripe,
    lift,
    needed_people,
    power_of,
    ripe_on,
    tell,
    widening,
)
from campaigns.partners.rules import Side
from portal.kit.shares import Share

TERMS = Terms(fewest=400, tuned=2_000)
SOUND = {"has_control": True, "is_as_drawn": True}


def wilson(of: int, whole: int, z: float) -> tuple[float, float]:
    """Wilson's interval from its definition: the roots of (p - rate)^2 = z^2 p (1 - p) / n."""
    rate = of / whole
    a, b, c = 1 + z * z / whole, -2 * rate - z * z / whole, rate * rate
    root = math.sqrt(b * b - 4 * a * c)
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def test_a_lift_of_shares_is_newcombes_with_the_wider_z() -> None:
    found = lift(Share(420, 3_000), Share(70, 700), TERMS)
    z = widening(3_000 * 700 / 3_700, tuned=2_000, error=0.05)
    for span, width in ((found.by, z), (found.once, 1.959963984540054)):
        (one_low, one_high), (low, high) = wilson(420, 3_000, width), wilson(70, 700, width)
        assert span.value == pytest.approx(0.04)
        assert span.low == pytest.approx(0.04 - math.hypot(0.14 - one_low, high - 0.1))
        assert span.high == pytest.approx(0.04 + math.hypot(one_high - 0.14, 0.1 - low))
    assert found.error == pytest.approx(math.sqrt(0.14 * 0.86 / 3_000 + 0.1 * 0.9 / 700))
    assert found.relative is not None
    half = z * math.sqrt(0.86 / (0.14 * 3_000) + 0.9 / (0.1 * 700))
    assert found.relative == Range(
        pytest.approx(0.4), pytest.approx(1.4 / math.exp(half) - 1),
        pytest.approx(1.4 * math.exp(half) - 1),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_a_lift_of_sums_is_welchs_with_the_wider_z(seed: int) -> None:
    rng = random.Random(seed)
    one, other = (
        [Decimal(rng.choice((0, 0, rng.randint(1, most)))) for _person in range(number)]
        for number, most in ((1_500, 900), (500, 700))
    )
    found = lift(side_of(one), side_of(other), TERMS)
    plain, held = [float(row) for row in one], [float(row) for row in other]
    welch = stats.ttest_ind(plain, held, equal_var=False)
    error = math.sqrt(statistics.variance(plain) / 1_500 + statistics.variance(held) / 500)
    assert found.error == pytest.approx(error)
    assert found.by.value / found.error == pytest.approx(welch.statistic)
    z = widening(375, tuned=2_000, error=0.05)
    assert found.by.high - found.by.value == pytest.approx(z * error)
    assert found.by.value - found.by.low == pytest.approx(z * error)


def side_of(sums: list[Decimal]) -> Side:
    return Side(
        len(sums), sum(one != 0 for one in sums), sum(sums, Decimal(0)),
        sum((one * one for one in sums), Decimal(0)),
    )  # fmt: skip


def test_a_share_and_a_sum_are_not_compared() -> None:
    with pytest.raises(TypeError):
        lift(Share(1, 500), Side(500, 1, Decimal(5), Decimal(25)), TERMS)


@pytest.mark.parametrize(
    ("reached", "held", "how", "known"),
    [
        (Share(50, 500), Share(0, 0), {"has_control": False}, Known.NO_CONTROL),
        (Share(50, 500), Share(40, 399), {}, Known.NOT_ENOUGH),
        (Share(40, 399), Share(50, 500), {}, Known.NOT_ENOUGH),
        (Share(50, 500), Share(40, 400), {"is_as_drawn": False}, Known.NOT_AS_DRAWN),
        (Share(50, 500), Share(4, 400), {}, Known.TOO_RARE),
        (Share(4, 500), Share(40, 400), {}, Known.TOO_RARE),
        (Share(0, 500), Share(0, 400), {}, Known.TOO_RARE),
        (Share(5, 500), Share(0, 400), {}, Known.COMPARED),
        (Share(496, 500), Share(200, 400), {}, Known.TOO_RARE),  # all but four
        (Share(495, 500), Share(200, 400), {}, Known.COMPARED),
        (Share(500, 500), Share(200, 400), {}, Known.COMPARED),
        (Share(50, 500), Share(40, 400), {}, Known.COMPARED),
        (Side(500, 50, Decimal(500), Decimal(9_000)), Side(400, 4, Decimal(9), Decimal(81)), {},
         Known.TOO_RARE),
        (Side(500, 50, Decimal(500), Decimal(9_000)), Side(400, 40, Decimal(90), Decimal(810)), {},
         Known.COMPARED),
    ],
)  # fmt: skip
def test_what_can_be_compared(reached: Arm, held: Arm, how: dict[str, bool], known: Known) -> None:
    told = tell(reached, held, TERMS, **{**SOUND, **how})
    assert told.known == known
    assert told.is_compared == (told.lift is not None) == (told.findable is not None)


@pytest.mark.parametrize(
    ("low", "high", "finding"),
    [(0.01, 0.2, Finding.MORE), (0.0, 0.2, Finding.OPEN), (-0.1, 0.2, Finding.OPEN),
     (-0.2, 0.0, Finding.OPEN), (-0.2, -0.01, Finding.LESS)],
)  # fmt: skip
def test_what_an_interval_says(low: float, high: float, finding: Finding) -> None:
    assert lifted((low + high) / 2, low, high).finding == finding


def lifted(value: float, low: float, high: float) -> Lift:
    span = Range(value, low, high)
    return Lift(span, span, None, 0.01)


def test_a_control_group_without_anybody_converted_has_no_relative_lift() -> None:
    found = lift(Share(50, 500), Share(0, 400), TERMS)
    assert (found.relative, found.by.value) == (None, 0.1)


# --- the draw -------------------------------------------------------------------------------------
# Beside 100 who are left out: the outmost that a draw of 10 % brings at any look.
FEW, MANY = 550, 1_354


@pytest.mark.parametrize(
    ("reached", "held", "percent", "is_as_drawn"),
    [
        (900, 100, 10, True), (0, 0, 10, True), (900, 100, 20, False), (500, 0, 0, True),
        (500, 1, 0, False), (500, 0, 10, False),
        (FEW - 1, 100, 10, False), (FEW, 100, 10, True), (MANY, 100, 10, True),
        (MANY + 1, 100, 10, False),
    ],
)  # fmt: skip
def test_the_sides_are_held_against_the_draw(
    reached: int, held: int, percent: float, is_as_drawn: bool
) -> None:
    assert drawn(reached=reached, held=held, percent=percent).is_as_drawn == is_as_drawn


def test_what_stands_against_the_draw_is_a_ratio_of_likelihoods() -> None:
    """The beta-binomial likelihood beside the binomial one, as scipy has them."""
    found = drawn(reached=1_450, held=100, percent=10)
    against = stats.betabinom.pmf(100, 1_550, 10, 90) / stats.binom.pmf(100, 1_550, 0.1)
    assert found.chance == pytest.approx(1 / against)
    other = stats.chisquare([1_450, 100], [1_395, 155])
    assert (found.chi_square, found.expected) == (pytest.approx(other.statistic), 155)


def test_a_sound_draw_is_looked_at_daily_and_an_unsound_one_is_found() -> None:
    rng = np.random.default_rng(11)
    false = found = 0
    for _campaign in range(300):
        sound = rng.binomial(100, 0.1, 200).cumsum()
        leaking = int(rng.binomial(20_000, 0.115))
        false += any(
            not drawn(reached=100 * day - held, held=held, percent=10).is_as_drawn
            for day, held in enumerate(map(int, sound), start=1)
        )
        found += not drawn(reached=20_000 - leaking, held=leaking, percent=10).is_as_drawn
    assert false <= 2
    assert found >= 290


# --- power ----------------------------------------------------------------------------------------
def test_what_is_findable_is_found_with_the_power() -> None:
    least = findable(error=0.01, wide=3.0, power=0.8)
    assert least == pytest.approx(0.0384162)
    assert power_of(difference=least, error=0.01, wide=3.0) == pytest.approx(0.8)
    assert power_of(difference=-least, error=0.01, wide=3.0) == pytest.approx(0.8)
    assert power_of(difference=0.1, error=0.0, wide=3.0) == 1.0


def test_the_people_needed_are_the_fewest_that_suffice() -> None:
    asked = {"base": 0.1, "difference": 0.02, "held_share": 0.1, "tuned": 2_000, "error": 0.05}
    needed = needed_people(**asked, power=0.8)  # type: ignore[arg-type]

    def power_with(people: int) -> float:
        reached, held = people * 0.9, people * 0.1
        error = math.sqrt(0.12 * 0.88 / reached + 0.1 * 0.9 / held)
        wide = widening(reached * held / people, tuned=2_000, error=0.05)
        return power_of(difference=0.02, error=error, wide=wide)

    assert power_with(needed) >= 0.8 > power_with(needed - 1)


# --- days -----------------------------------------------------------------------------------------
def test_a_day_ripens_after_window_and_settling_and_is_counted_twice_more() -> None:
    entered, span = dt.date(2026, 3, 2), {"window": 30, "settle": 3}
    ripe = dt.date(2026, 4, 5)
    assert ripe_on(entered, **span) == ripe
    day = dt.timedelta(days=1)
    assert [is_ripe(entered, ripe + more * day, **span) for more in (-1, 0, 1)] == [
        False, True, True,
    ]  # fmt: skip
    expected = {
        entered: ripe, ripe - day: ripe, ripe: ripe + 7 * day, ripe + 6 * day: ripe + 7 * day,
        ripe + 7 * day: ripe + 30 * day, ripe + 29 * day: ripe + 30 * day, ripe + 30 * day: None,
    }  # fmt: skip
    assert {on: due_after(entered, on, **span) for on in expected} == expected


# --- costs ----------------------------------------------------------------------------------------
def test_an_extra_active_card_costs_the_cost_of_a_head_by_the_lift() -> None:
    found = extra_cost(cost=Decimal(9_000), people=1_000, found=lifted(0.05, 0.02, 0.08))
    assert found == Extra(
        Range(50.0, 20.0, 80.0), pytest.approx(180.0), pytest.approx(112.5), pytest.approx(450.0)
    )


@pytest.mark.parametrize(
    ("span", "known"),
    [((0.05, -0.01, 0.1), (180.0, 90.0, None)), ((-0.05, -0.1, 0.01), (None, 900.0, None)),
     ((-0.05, -0.1, -0.01), (None, None, None))],
)  # fmt: skip
def test_where_chance_is_not_ruled_out_the_cost_is_open_upward(
    span: tuple[float, float, float], known: tuple[float | None, ...]
) -> None:
    found = extra_cost(cost=Decimal(9_000), people=1_000, found=lifted(*span))
    assert found is not None
    assert (found.value, found.low, found.high) == tuple(
        one if one is None else pytest.approx(one) for one in known
    )
    assert extra_cost(cost=Decimal(9), people=0, found=lifted(*span)) is None
