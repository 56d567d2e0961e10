"""The funnel picture."""

from portal.kit import funnel


def test_bars_are_as_long_as_many_are_left_and_names_are_escaped() -> None:
    steps = [funnel.FunnelStep("All", 1000), funnel.FunnelStep("<b>", 1), funnel.FunnelStep("x", 0)]
    picture = funnel.funnel_svg(steps, title="Left")
    assert [part.split('"')[0] for part in picture.split('" width="')[1:]] == [
        "420", "420", "420.0", "420", "2.0", "420", "0.0",
    ]  # fmt: skip
    assert "<desc>All: 1,000; &lt;b&gt;: 1; x: 0</desc>" in picture


def test_without_steps_there_is_an_empty_picture() -> None:
    assert "<rect" not in funnel.funnel_svg([], title="Left")
