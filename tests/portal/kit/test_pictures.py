"""Pictures for ECharts say the same as their tables."""

import datetime as dt

from django.template.loader import render_to_string

from portal.kit import pictures
from portal.kit.pictures import Series

LABELS = ["1月", "2月", "3月"]


def test_lines_carry_intervals_as_bands() -> None:
    one = Series("活卡率", [1, None, 2.5], lows=[0.5, None, 2], highs=[1.5, None, 3])
    picture = pictures.lines("rate", "Rate", LABELS, [one], over="月", said=lambda v: f"{v:.1f} %")
    drawn = picture.option["series"]
    assert [part["data"] for part in drawn] == [[0.5, None, 2], [1.0, None, 1], [1, None, 2.5]]
    assert drawn[0]["stack"] == drawn[1]["stack"]
    assert list(picture.head) == ["月", "活卡率", "活卡率, interval"]
    assert list(picture.rows) == [
        ["1月", "1.0 %", "0.5 % … 1.5 %"], ["2月", "–", "–"], ["3月", "2.5 %", "2.0 % … 3.0 %"],
    ]  # fmt: skip


def test_bars_stand_upon_one_another_where_that_is_asked() -> None:
    two = [Series("A", [1, 2, 3]), Series("B", [4, 5, 6])]
    beside = pictures.bars("b", "Bars", LABELS, two)
    upon = pictures.bars("b", "Bars", LABELS, two, is_stacked=True)
    assert [part.get("stack") for part in beside.option["series"]] == [None, None]
    assert [part.get("stack") for part in upon.option["series"]] == ["all", "all"]
    assert list(upon.rows) == [["1月", "1", "4"], ["2月", "2", "5"], ["3月", "3", "6"]]


def test_a_calendar_goes_from_its_first_day_to_its_last() -> None:
    values = {dt.date(2026, 3, 9): 4.0, dt.date(2026, 1, 2): 1234.0}
    picture = pictures.calendar("c", "Days", values, name="Calls")
    assert picture.option["calendar"]["range"] == ["2026-01-02", "2026-03-09"]
    assert list(picture.rows) == [("2026-01-02", "1,234"), ("2026-03-09", "4")]


def test_many_small_pictures_have_one_scale() -> None:
    many = [Series(f"支行{place}", [place, 2, 3]) for place in range(5)]
    picture = pictures.multiples("m", "Branches", LABELS, many)
    assert {axis["max"] for axis in picture.option["yAxis"]} == {4}
    assert len(picture.option["grid"]) == 5
    assert picture.height == 2 * 130 + 8


def test_the_template_shows_picture_and_table_and_an_empty_one_says_so() -> None:
    picture = pictures.lines("rate", "Rate <b>", LABELS, [Series("A", [1, 2, 3])], note="By card.")
    html = render_to_string("_parts/picture.html", {"picture": picture})
    assert 'data-picture="rate-option"' in html
    assert '<script id="rate-option" type="application/json">' in html
    assert html.count("<tr>") == 4
    assert "Rate &lt;b&gt;" in html
    assert "By card." in html
    empty = pictures.lines("rate", "Rate", [], [Series("A", [])])
    html = render_to_string("_parts/picture.html", {"picture": empty})
    assert "data-picture" not in html
    assert "There is nothing to draw yet." in html or "还没有可绘制的内容。" in html
