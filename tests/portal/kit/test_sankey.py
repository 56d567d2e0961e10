"""Flows as a picture: everybody is somewhere, and one person is still seen."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit import sankey

STEPS = [
    sankey.Step("applied", 1_000_000, [sankey.End("open", 1), sankey.End("refused", 0, "lost")]),
    sankey.Step("issued", 999_999, [sankey.End("idle", 999_998, sankey.STAYED)]),
    sankey.Step("used", 1),
]
_NUMBER = re.compile(r"[\d.]+")


def bars(picture: str) -> list[tuple[float, float, float]]:
    """Left, width and height of the bars, swatches left out."""
    found = re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="([\d.]+)"', picture)
    return [
        (float(left), float(width), float(height))
        for left, width, height in found
        if float(height) != 10
    ]


def test_all_numbers_stand_in_the_text_alternative() -> None:
    picture = sankey.sankey_svg(STEPS, title="流向")
    assert "<title>流向</title>" in picture
    assert (
        "<desc>applied: 1,000,000 (open: 1); issued: 999,999 (idle: 999,998); used: 1</desc>"
    ) in picture


def test_a_way_of_one_in_a_million_is_seen_and_nothing_is_drawn_for_nobody() -> None:
    picture = sankey.sankey_svg(STEPS, title="x")
    assert picture.count("<path") == 4  # two onward, two that stopped
    assert min(width for _left, width, _height in bars(picture)) >= 3
    assert "refused" not in picture


@given(
    reached=st.lists(st.integers(0, 10**6), min_size=1, max_size=6),
    parts=st.lists(st.integers(0, 3), min_size=6, max_size=6),
)
def test_bars_stay_within_the_picture_and_do_not_overlap(
    reached: list[int], parts: list[int]
) -> None:
    reached = sorted(reached, reverse=True)
    steps = []
    for place, count in enumerate(reached):
        left = count - (reached[place + 1] if place + 1 < len(reached) else count)
        ends = [left // 3] * parts[place]
        ends = [*ends, left - sum(ends)]
        steps.append(sankey.Step(f"s{place}", count, [sankey.End("e", each) for each in ends]))
    found = bars(sankey.sankey_svg(steps, title="x"))
    for left, width, _height in found:
        assert left >= 0
        assert left + width <= 420.2
    assert sum(height == 14 for _left, _width, height in found) == sum(map(bool, reached))


def test_a_step_is_as_wide_as_all_ways_out_of_it() -> None:
    found = bars(sankey.sankey_svg(STEPS, title="x"))
    main = [width for left, width, height in found if height == 14]
    ends = [width for left, width, height in found if height == 7]
    assert len(main) == 3
    widest = max(main)
    assert widest == pytest.approx(sum(ends) + min(main), abs=0.2)


@pytest.mark.parametrize("steps", [[], [sankey.Step("nobody", 0)]])
def test_nobody_makes_an_empty_picture(steps: list[sankey.Step]) -> None:
    picture = sankey.sankey_svg(steps, title="x")
    assert ("<rect" in picture, "<path" in picture) == (False, False)


def test_names_are_escaped() -> None:
    picture = sankey.sankey_svg([sankey.Step("<b>", 1, [sankey.End("<i>", 1)])], title="<script>")
    assert ("<b>" in picture, "<i>" in picture, "<script>" in picture) == (False, False, False)
