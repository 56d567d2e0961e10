"""Pictures say the same to those who see them and those who do not."""

import re

from portal.kit import charts

BARS = [charts.Bar("一月", 50, "¥50"), charts.Bar("", 100, "¥100"), charts.Bar("三月", -5, "-¥5")]


def test_the_highest_bar_fills_the_room_and_a_negative_one_is_empty() -> None:
    picture = charts.bars_svg(BARS, title="营业额", height=116)
    assert re.findall(r'<rect [^>]*height="([\d.]+)"', picture) == ["50.0", "100.0", "0.0"]
    assert re.findall(r'<rect x="([\d.]+)%" y="([\d.]+)"', picture) == [
        ("3.33", "50.0"), ("36.67", "0.0"), ("70.00", "100.0"),
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


def test_of_many_labels_some_are_written_and_none_is_cut_off_at_an_edge() -> None:
    many = [charts.Bar(f"10-{day:02}", 1, "1") for day in range(1, 31)]
    found = re.findall(
        r'<text x="([\d.]+)%" [^>]*text-anchor="(\w+)"[^>]*>([^<]*)<',
        charts.bars_svg([*many, charts.Bar("11-01", 1, "1")], title="t"),
    )
    assert [(anchor, label) for _place, anchor, label in found] == [
        ("start", "10-01"), ("middle", "10-07"), ("middle", "10-13"), ("middle", "10-19"),
        ("middle", "10-25"), ("end", "11-01"),
    ]  # fmt: skip


def test_of_long_labels_fewer_are_written() -> None:
    many = [charts.Bar(f"20:00:{second:02}", 1, "1") for second in range(32)]
    found = re.findall(r"<text [^>]*>([^<]*)</text>", charts.bars_svg(many, title="t"))
    assert found == ["20:00:00", "20:00:08", "20:00:16", "20:00:24"]


def test_a_year_of_months_has_no_more_labels_than_a_phone_has_room_for() -> None:
    months = [charts.Bar(f"2026-{month:02}", 1, "1") for month in range(1, 13)]
    found = re.findall(r"<text [^>]*>([^<]*)</text>", charts.bars_svg(months, title="t"))
    assert found == ["2026-01", "2026-04", "2026-07", "2026-10"]
