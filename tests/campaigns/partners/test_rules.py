"""Two sides compared, on plain values and beside scipy."""

import random
import statistics
from decimal import Decimal

import pytest
from scipy import stats

from campaigns.partners.rules import Gain, Known, Side, Span, gain, known_of, returned, together


def side_of(sums: list[Decimal]) -> Side:
    return Side(
        len(sums), sum(one != 0 for one in sums), sum(sums, Decimal(0)),
        sum((one * one for one in sums), Decimal(0)),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_the_difference_and_its_interval_beside_scipy(seed: int) -> None:
    rng = random.Random(seed)
    first, second = (
        [Decimal(rng.choice((0, 0, rng.randint(1, most)))) for _person in range(number)]
        for number, most in ((700, 900), (150, 500))
    )
    found = gain(side_of(first), side_of(second))
    one, two = ([float(row) for row in rows] for rows in (first, second))
    assert float(found.difference) == pytest.approx(statistics.fmean(one) - statistics.fmean(two))
    spread = statistics.variance(one) / 700 + statistics.variance(two) / 150
    assert float(found.error) == pytest.approx(spread**0.5)
    welch = stats.ttest_ind(one, two, equal_var=False).confidence_interval(0.95)
    # The normal distribution stands for Welch's, which is wider by one in a hundred here.
    width = float(found.per_head.high - found.per_head.low)
    assert width == pytest.approx(welch.high - welch.low, rel=0.015)
    assert float(found.per_head.low) == pytest.approx(welch.low, abs=width * 0.01 + 0.01)
    assert found.extra.value == pytest.approx(found.difference * 700, abs=Decimal("0.01"))


def test_the_interval_covers_what_was_planted() -> None:
    rng, covered = random.Random(7), 0
    for _world in range(200):
        reached = [Decimal(round(rng.expovariate(1 / 120))) for _person in range(400)]
        held = [Decimal(round(rng.expovariate(1 / 100))) for _person in range(120)]
        span = gain(side_of(reached), side_of(held)).per_head
        covered += span.low <= 20 <= span.high
    assert 180 <= covered <= 198  # 190 of 200 are expected, 3.1 either way


@pytest.mark.parametrize(
    ("percent", "reached", "held", "known"),
    [
        (0, Side(500, 50), Side(0), Known.NO_CONTROL),
        (10, Side(500, 50), Side(0), Known.NOT_ENOUGH),
        (0, Side(900, 50), Side(100, 9), Known.NOT_AS_DRAWN),  # an earlier version had one
        (10, Side(500, 50), Side(99, 9), Known.NOT_ENOUGH),
        (10, Side(99, 50), Side(500, 9), Known.NOT_ENOUGH),
        (10, Side(500, 50), Side(100, 4), Known.NOT_ENOUGH),
        (10, Side(500, 4), Side(100, 9), Known.NOT_ENOUGH),
        (10, Side(900, 50), Side(100, 0), Known.COMPARED),
        (10, Side(900, 50), Side(100, 5), Known.COMPARED),
        # 100 beside 633 and beside 1,264 are the outmost that chance would bring.
        (10, Side(632, 50), Side(100, 9), Known.NOT_AS_DRAWN),
        (10, Side(633, 50), Side(100, 9), Known.COMPARED),
        (10, Side(1_264, 50), Side(100, 9), Known.COMPARED),
        (10, Side(1_265, 50), Side(100, 9), Known.NOT_AS_DRAWN),
        (10, Side(500, 0), Side(100, 0), Known.NOT_ENOUGH),
    ],
)
def test_what_can_be_compared(percent: int, reached: Side, held: Side, known: Known) -> None:
    assert known_of(control_percent=percent, reached=reached, held=held) == known


def test_campaigns_add_up_and_the_return_is_a_share_of_it() -> None:
    gains = [Gain(Decimal(3), Decimal("0.5"), 600), Gain(Decimal(-1), Decimal("1"), 400)]
    extra = together(gains)
    assert extra == Span(Decimal("1400.00"), Decimal("420.02"), Decimal("2379.98"))
    assert (extra.is_shown, gains[1].extra.is_shown) == (True, False)
    assert returned(extra, None) is None
    assert returned(extra, Decimal("1.5")) == Span(
        Decimal("21.00"), Decimal("6.30"), Decimal("35.70")
    )


def test_without_spread_nothing_is_below_nought() -> None:
    same = Side(3, 3, Decimal("0.30"), Decimal("0.0299"))  # a rounded sum of squares
    assert same.variance == 0


@pytest.mark.parametrize(("brought", "known"), [(0, Known.COMPARED), (2_000, Known.NOT_AS_DRAWN)])
def test_whom_messages_brought_to_qualify_are_not_taken_for_a_loss(
    brought: int, known: Known
) -> None:
    """The control group is sent no message: of those who qualify by one, only one side has any.
    They pay less than who qualifies anyway: the campaign, which won them, would seem to lose."""
    rng = random.Random(3)
    always = [Decimal(rng.choice((0, rng.randint(200, 400)))) for _person in range(10_000)]
    won = [Decimal(rng.choice((0, rng.randint(1, 50)))) for _person in range(brought)]
    held, reached = side_of(always[:1_000]), side_of([*always[1_000:], *won])
    assert (gain(reached, held).per_head.high < 0) == (brought > 0)
    assert known_of(control_percent=10, reached=reached, held=held) == known
