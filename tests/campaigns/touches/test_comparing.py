"""Which variant is ahead, and where nothing may be said."""

import random

import pytest
from django.utils import translation

from campaigns.touches.queries import comparing
from campaigns.touches.queries.comparing import VariantFigures
from portal.kit.comparing import compare
from portal.kit.shares import Share


def figures(*counts: tuple[int, int]) -> list[VariantFigures]:
    return [
        VariantFigures(f"Way {letter}", "nudge", 50, written, reached)
        for letter, (reached, written) in zip("abc", counts, strict=False)
    ]


@pytest.mark.parametrize(
    ("counts", "winner"),
    [
        ([(50, 1000), (50, 1000)], None),
        ([(50, 1000), (65, 1000)], None),
        ([(50, 1000), (90, 1000)], 1),
        ([(90, 1000), (50, 1000)], 0),
        ([(0, 1000), (0, 1000)], None),
        ([(1000, 1000), (1000, 1000)], None),
        # Ahead of one of two is not ahead of all.
        ([(50, 1000), (90, 1000), (95, 1000)], None),
        ([(50, 1000), (60, 1000), (120, 1000)], 2),
        # What would do for two does not for three.
        ([(50, 1000), (71, 1000)], 1),
        ([(50, 1000), (71, 1000), (50, 1000)], None),
        ([(5, 10)], None),
    ],
)
def test_only_who_is_ahead_of_all_others_wins(
    counts: list[tuple[int, int]], winner: int | None
) -> None:
    assert compare([Share(*one) for one in counts]).winner == winner


def test_few_people_and_no_goal_are_said_and_no_winner_is() -> None:
    with translation.override("en"):
        few = comparing._comparison(figures((0, 99), (99, 100)), has_goal=True)
        none = comparing._comparison(figures((0, 1000), (999, 1000)), has_goal=False)
    assert (few.winner, few.said, few.pairs) == (
        "", "Not enough yet: each variant needs messages written to 100 people. Fewer have: "
        "Way a (99).", (),
    )  # fmt: skip
    assert (none.winner, none.pairs) == ("", ())
    assert none.said == "The plan has no goal by which its variants could be compared."


def test_each_two_are_said_with_the_difference_and_where_it_lies() -> None:
    with translation.override("en"):
        shown = comparing._comparison(figures((48, 80 * 2), (112, 70 * 2)), has_goal=True)
        open_ = comparing._comparison(figures((50, 1000), (55, 1000)), has_goal=True)
    assert (shown.winner, shown.said) == (
        "Way b", "Way b is ahead of all others by more than chance.",
    )  # fmt: skip
    assert shown.pairs == [
        "Way a against Way b: -50.0 points (from -58.7 to -39.5): a difference is shown."
    ]
    assert open_.winner == ""
    assert open_.said == "No winner: that one is ahead of all others is not shown."
    assert open_.pairs[0].endswith("no difference is shown.")


def told(dice: random.Random, people: int, rate: float) -> Share:
    """So many are told, and so many of them reach the goal."""
    return Share(sum(dice.random() < rate for _person in range(people)), people)


@pytest.mark.parametrize("variants", [2, 3, 6])
@pytest.mark.parametrize(("people", "rate"), [(100, 0.2), (1_000, 0.05)])
def test_of_texts_that_work_alike_a_difference_is_seldom_shown(
    variants: int, people: int, rate: float
) -> None:
    """A against A: one time in twenty at most, however many variants are compared."""
    dice, worlds, alarms, winners = random.Random(7), 500, 0, 0
    for _world in range(worlds):
        found = compare([told(dice, people, rate) for _variant in range(variants)])
        shown = [one for one in found.pairs if one.difference.low > 0 or one.difference.high < 0]
        alarms += bool(shown)
        winners += found.winner is not None
    assert winners <= alarms
    # Three deviations above a share of 5 % are chance.
    assert alarms / worlds <= 0.05 + 3 * (0.05 * 0.95 / worlds) ** 0.5


def test_a_difference_that_is_there_is_found() -> None:
    dice = random.Random(7)
    found = [
        compare([told(dice, 2_000, rate) for rate in (0.05, 0.09)]).winner for _world in range(100)
    ]
    assert found.count(1) >= 95
    assert found.count(0) == 0
