"""Responses, habitual splits, reasons, differences and benefits, by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest

from merchants.allocation.rules import (
    benefits,
    comparing,
    explaining,
    problems,
    responses,
    splits,
)
from merchants.allocation.rules.benefits import Benefit, Inputs
from merchants.allocation.rules.explaining import Holds
from merchants.allocation.rules.problems import Partner, Problem, Share
from merchants.allocation.rules.responses import Curve, Level

GROUP = ("scenario", "dining")


def partner(number: int, *effects: int, first: int = 0, **values: object) -> Partner:
    """A partner with levels 100 apart."""
    levels = tuple(Level(first + 100 * at, effect) for at, effect in enumerate(effects))
    return Partner(f"M{number}", levels, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(("amount", "effect"), [(0, 0), (50, 333), (100, 500), (300, 750)])
def test_a_curve_rises_ever_more_slowly(amount: int, effect: int) -> None:
    assert Curve(1000, Fraction(100)).effect(amount) == effect


def test_a_curve_goes_through_what_a_past_campaign_brought() -> None:
    curve = responses.through(ceiling=900, spent=100, effect=300)
    assert curve.half == 200
    assert curve.effect(100) == 300


@pytest.mark.parametrize(
    ("least", "most", "step", "found"),
    [
        (0, 300, 100, [0, 100, 200, 300]),
        (0, 250, 100, [0, 100, 200, 250]),
        (50, 50, 100, [50]),
        (50, 149, 100, [50, 149]),
    ],
)
def test_amounts_go_from_floor_to_cap(least: int, most: int, step: int, found: list[int]) -> None:
    assert responses.amounts(least=least, most=most, step=step) == found


def test_the_equal_split_gives_the_same_on_the_levels_and_spends_what_it_can() -> None:
    three = Problem(700, tuple(partner(number, 0, 9, 9, 9, 9) for number in range(3)))
    assert list(splits.equal_split(three)) == [3, 2, 2]
    capped = Problem(700, (partner(1, 0, 5), partner(2, 0, 1, 2, 3, 4, 5, 6, 7)))
    assert list(splits.equal_split(capped)) == [1, 6]


def test_last_years_split_keeps_its_proportions_and_is_not_known_without_figures() -> None:
    two = Problem(400, (partner(1, 0, 1, 2, 3, 4), partner(2, 0, 1, 2, 3, 4)))
    assert splits.split_as_before(two, [30, 10]) == [3, 1]
    assert splits.split_as_before(two, [None, 10]) == [0, 4]
    assert splits.split_as_before(two, [None, None]) is None


def test_reasons_say_rates_and_the_bound_that_holds() -> None:
    problem = Problem(
        500,
        (
            partner(1, 0, 900, 1500, 1700),
            partner(2, 50, 60, first=100),
            partner(3, 0, 300, groups=frozenset({GROUP})),
            partner(4, 0, 10),
        ),
        (Share(GROUP, 0, 10),),
    )
    first, floor, grouped, last = explaining.explain(problem, [2, 0, 0, 0])
    assert (first.last, first.following, first.holds, first.room) == (6, 2, "better_elsewhere", 200)
    assert (floor.is_floor, floor.last, floor.following) == (True, None, 0.1)
    assert (grouped.holds, grouped.group) == (Holds.GROUP, problem.shares[0])
    assert last.holds == Holds.BETTER_ELSEWHERE
    capped = explaining.explain(problem, [3, 0, 0, 0])
    assert (capped[0].holds, capped[0].following) == (Holds.CAP, None)
    assert (capped[3].holds, capped[3].room, capped[3].step) == (Holds.BETTER_ELSEWHERE, 100, 100)
    tight = explaining.explain(problem, [3, 1, 0, 0])
    assert (tight[3].holds, tight[3].room) == (Holds.BUDGET, 0)
    assert explaining.next_yuan(problem, [first, floor, grouped, last]) == ("M1", 2)


def test_a_step_that_serves_a_least_share_says_so() -> None:
    share = Share(GROUP, 20, 100)
    problem = Problem(
        500, (partner(1, 0, 5, groups=frozenset({GROUP})), partner(2, 0, 900)), (share,)
    )
    assert [why.serves for why in explaining.explain(problem, [1, 1])] == [share, None]


def test_of_a_group_that_gets_at_least_so_much_the_budget_holds_the_next_step() -> None:
    share = Share(GROUP, 20, 100)
    one = partner(1, 0, 5, 9, groups=frozenset({GROUP}))
    [why] = explaining.explain(Problem(150, (one,), (share,)), [1])
    assert (why.holds, why.group, why.room) == (Holds.BUDGET, None, 50)


def test_a_share_of_the_budget_rises_with_it() -> None:
    grouped = partner(1, 0, 300, groups=frozenset({GROUP}))
    problem = Problem(500, (grouped, partner(2, 0, 10)), (Share(GROUP, 0, 10),))
    reasons = explaining.explain(problem, [0, 1])
    assert explaining.next_yuan(problem, reasons) is None
    assert explaining.are_held_by_shares(reasons)
    capped = explaining.explain(Problem(500, (grouped,)), [1])
    assert not explaining.are_held_by_shares(capped)


def test_a_difference_has_the_interval_of_partners_that_differ() -> None:
    def known(number: int, half: int) -> Partner:
        return Partner(f"M{number}", (Level(0, 0, 0, 0), Level(100, 50, 50 - half, 50 + half)))

    problem = Problem(400, (known(1, 3), known(2, 4), partner(3, 0, 9), known(4, 9)))
    found = comparing.difference(problem, [1, 1, 0, 1], [0, 0, 0, 1])
    assert (found.more, found.half, found.unknown) == (100, 5, 0)
    assert (found.low, found.high, found.is_beyond_noise) == (95, 105, True)
    unknown = comparing.difference(problem, [1, 0, 1, 0], [0, 0, 0, 0])
    assert (unknown.more, unknown.half, unknown.unknown) == (59, 3, 1)
    assert not unknown.is_beyond_noise
    nothing = comparing.difference(problem, [0, 0, 1, 0], [0, 0, 0, 0])
    assert (nothing.half, nothing.low) == (None, None)


def test_benefits_follow_their_formula_and_are_not_known_without_inputs() -> None:
    whole = Inputs(
        Decimal(10_000), Decimal(600), income=Decimal("0.5"), margin=Decimal(20),
        merchant_share=Decimal(40), reach=Decimal(90),
    )  # fmt: skip
    assert benefits.benefit(whole) == Benefit(Decimal(-550), Decimal(1600), Decimal(900))
    nothing = Inputs(Decimal(10_000), Decimal(600), None, Decimal(20), None, Decimal(90))
    assert benefits.benefit(nothing) == Benefit(None, None, None)


def test_broken_bounds_are_found_in_whole_fen() -> None:
    share = Share(GROUP, 33, 34)
    problem = Problem(301, (partner(1, 0, 1, groups=frozenset({GROUP})),), (share,))
    assert (share.least_money(301), share.most_money(301)) == (100, 102)
    assert problems.broken(problem, [1]) == []
    assert problems.broken(problem, [0]) == [share]
