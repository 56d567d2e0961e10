"""Pictures say the same to those who see them and those who do not."""

import re

from portal.kit import charts

BARS = [charts.Bar("一月", 50, "¥50"), charts.Bar("", 100, "¥100"), charts.Bar("三月", -5, "-¥5")]


def test_the_highest_bar_fills_the_room_and_a_negative_one_is_empty() -> None:
    picture = charts.bars_svg(BARS, title="营业额", width=300, height=116)
    assert re.findall(r'<rect [^>]*height="([\d.]+)"', picture) == ["50.0", "100.0", "0.0"]
    assert re.findall(r'<rect x="([\d.]+)" y="([\d.]+)"', picture) == [
        ("10.0", "50.0"), ("110.0", "0.0"), ("210.0", "100.0"),
    ]  # fmt: skip


def test_the_text_alternative_holds_every_value() -> None:
    assert charts.alternative(BARS, title="营业额") == "营业额: 一月 ¥50; ¥100; 三月 -¥5"
    assert 'aria-label="营业额: 一月 ¥50; ¥100; 三月 -¥5"' in charts.bars_svg(BARS, title="营业额")


def test_only_bars_with_a_label_are_labelled() -> None:
    found = re.findall(r"<text [^>]*>([^<]*)</text>", charts.bars_svg(BARS, title="营业额"))
    assert found == ["一月", "三月"]


def test_texts_are_escaped_and_no_style_is_used() -> None:
    picture = charts.bars_svg([charts.Bar("<b>", 1, '"x"')], title="<script>")
    assert "<script>" not in picture
    assert "<b>" not in picture
    assert "style=" not in picture


def test_no_bars_and_only_zeros_draw_an_empty_picture() -> None:
    assert "<rect" not in charts.bars_svg([], title="leer")
    assert 'height="0.0"' in charts.bars_svg([charts.Bar("a", 0, "0")], title="leer")


def test_no_label_comes_so_near_to_the_edge_that_it_is_cut_off() -> None:
    many = [charts.Bar("10-26", 1, "1") for _bar in range(30)]
    places = re.findall(r'<text x="([\d.]+)"', charts.bars_svg(many, title="t", width=600))
    assert (places[0], places[-1]) == ("20.0", "580.0")
