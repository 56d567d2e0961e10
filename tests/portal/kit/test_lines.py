"""Lines over time."""

import re

import pytest

from portal.kit.lines import Line, Mark, lines_svg


def points(picture: str) -> list[str]:
    return re.findall(r'points="([^"]*)"', picture)


def test_lines_are_on_one_scale_and_break_where_there_is_nothing() -> None:
    picture = lines_svg(
        [Line([0, 50, None, 100], is_dashed=True), Line([200, 100, 100, 100])],
        ["a", "b", "c", "d"], said="x < y",
    )  # fmt: skip
    assert points(picture) == [
        "0,100.0 1,76.0", "3,52.0 3.4,52.0", "0,4.0 1,52.0 2,52.0 3,52.0",
    ]  # fmt: skip
    assert picture.count('stroke-dasharray="5 4"') == 2
    assert 'aria-label="x &lt; y"' in picture


@pytest.mark.parametrize(
    ("place", "at", "anchor"), [(0, "0.00", "start"), (5, "50.00", "start"), (9, "90.00", "end")]
)
def test_a_mark_stands_at_its_place_with_its_words_inside(place: int, at: str, anchor: str) -> None:
    picture = lines_svg([Line([1.0] * 11)], [""] * 11, said="", mark=Mark(place, "since <b>"))
    assert f'<line x1="{at}%" y1="0" x2="{at}%"' in picture
    assert re.search(rf'text-anchor="{anchor}"[^>]*>since &lt;b&gt;<', picture)


@pytest.mark.parametrize(("count", "written"), [(1, 1), (4, 4), (5, 3), (104, 4)])
def test_some_labels_are_written(count: int, written: int) -> None:
    picture = lines_svg([Line([1.0] * count)], ["2026-01"] * count, said="")
    assert picture.count("2026-01") == written


def test_nothing_to_draw_is_an_empty_picture() -> None:
    assert points(lines_svg([Line([None, None]), Line([])], [], said="")) == []
    assert points(lines_svg([Line([0.0, 0.0])], ["a", "b"], said="")) == ["0,100.0 1,100.0"]
