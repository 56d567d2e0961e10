"""Figures with their intervals, one below the other on a common scale: plain SVG that a strict
content policy allows, with a text for those who cannot see it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.kit import charts

_ROW, _TOP, _FOOT = 40, 6, 18
_WORDS, _LINE = 12, 26  # below the top of a row
_EDGE = 2  # percent of the width that stay free at both ends


@dataclass(frozen=True)
class Dot:
    """One figure from `low` to `high`; without a value its words alone are written. `text` says it
    in words. The own one is filled, the others are open."""

    label: str
    value: float | None
    low: float
    high: float
    text: str
    is_own: bool = False


def dots_svg(dots: Sequence[Dot], *, title: str, write: Callable[[float], str]) -> SafeString:
    """This will draw figures as dots with their intervals as lines, on a scale whose ends `write`
    puts into words. `title` says what is shown; the values follow it in the text alternative. The
    picture takes its colour from the text around it, and the width of its place."""
    known = [dot for dot in dots if dot.value is not None]
    least, most = _ends(known)
    room = _TOP + _ROW * len(dots)
    ends = (("start", f"{_EDGE}%", least), ("end", f"{100 - _EDGE}%", most)) if known else ()
    return format_html(
        '<svg class="d-block dots" width="100%" height="{}" role="img" aria-label="{}">{}{}'
        '<line x1="0" y1="{}" x2="100%" y2="{}" stroke="currentColor" stroke-opacity="0.4"/>'
        "{}</svg>",
        room + _FOOT, _said(dots, title), _nought(least, most, room),
        format_html_join("", "{}", ((_drawn(dot, place, least, most),) for place, dot in
                                    enumerate(dots))),
        room, room,
        format_html_join(
            "",
            '<text x="{}" y="{}" font-size="11" text-anchor="{}" fill="currentColor">{}</text>',
            ((at, room + 13, anchor, write(value)) for anchor, at, value in ends),
        ),
    )  # fmt: skip


def _ends(known: Sequence[Dot]) -> tuple[float, float]:
    """The ends of the scale: from nought, or as far below it as something is. Where all lie far
    from nought, it begins near them."""
    low = min((dot.low for dot in known), default=0.0)
    high = max((dot.high for dot in known), default=0.0)
    if low > high / 2 > 0:
        return low - (high - low) / 10, high
    return min(0.0, low), max(0.0, high)


def _nought(least: float, most: float, room: int) -> SafeString:
    if not least <= 0 <= most:
        return SafeString("")
    at = _at(0, least, most)
    return format_html(
        '<line x1="{}" y1="0" x2="{}" y2="{}" stroke="currentColor" stroke-opacity="0.4"'
        ' stroke-dasharray="2 3"/>',
        at, at, room,
    )  # fmt: skip


def _drawn(dot: Dot, place: int, least: float, most: float) -> SafeString:
    top = _TOP + place * _ROW
    words = format_html(
        '<text x="{}%" y="{}" font-size="12" font-weight="{}" fill="currentColor">{}</text>',
        _EDGE, top + _WORDS, "700" if dot.is_own else "400", dot.label,
    )  # fmt: skip
    if dot.value is None:
        line = format_html(
            '<text x="{}%" y="{}" font-size="12" font-style="italic" fill="currentColor">{}</text>',
            _EDGE, top + _LINE + 4, dot.text,
        )  # fmt: skip
        return words + line
    low, middle, high = (_at(value, least, most) for value in (dot.low, dot.value, dot.high))
    mark = format_html(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="currentColor" stroke-width="2"/>'
        '<circle cx="{}" cy="{}" r="5" fill="{}" stroke="currentColor" stroke-width="2">'
        "<title>{}</title></circle>",
        low, top + _LINE, high, top + _LINE, middle, top + _LINE,
        "currentColor" if dot.is_own else "var(--bs-body-bg, #fff)",
        f"{dot.label}: {dot.text}",
    )  # fmt: skip
    return words + mark


def _at(value: float, least: float, most: float) -> str:
    share = (value - least) / (most - least) if most > least else 0.0
    return f"{_EDGE + share * (100 - 2 * _EDGE):.2f}%"


def _said(dots: Sequence[Dot], title: str) -> str:
    return charts.alternative([charts.Bar(dot.label, 0, dot.text) for dot in dots], title=title)
