"""Which variant is ahead, and where nothing may be said."""

import pytest
from django.utils import translation

from campaigns.touches.queries import comparing
from campaigns.touches.queries.comparing import VariantFigures
from campaigns.touches.rules.comparing import compare
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
