"""Small pictures made on the server: plain SVG that a strict content policy allows, with a text
for those who cannot see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_GAP = 0.2  # share of a bar's place that stays empty
_TEXT = 16  # height of the line of labels
_EDGE = 8  # percent of the width; a label nearer to the edge grows away from it
_MOST_LABELS, _MOST_LONG_LABELS = 6, 4  # as many as a phone has room for
_LONG = 7  # signs, and more


@dataclass(frozen=True)
class Bar:
    """One bar: `label` stands below where it is not empty, `text` says the value in words."""

    label: str
    value: float
    text: str


def bars_svg(bars: Sequence[Bar], *, title: str, height: int = 180) -> SafeString:
    """This will draw upright bars on a common base line; a value below zero shows as none.

    `title` says what is shown; the values follow it in the text alternative, so that the picture
    says the same to every reader. The picture takes its colour from the text around it, and the
    width of its place: places are shares of it, so that letters are of one size on every screen.
    Of many labels only some are written. `height` is in pixels.
    """
    highest = max((bar.value for bar in bars), default=0) or 1
    place = 100 / max(1, len(bars))
    room = height - _TEXT
    drawn = format_html_join(
        "",
        '<rect x="{}%" y="{}" width="{}%" height="{}" fill="currentColor"><title>{}</title></rect>',
        (
            (
                f"{number * place + place * _GAP / 2:.2f}",
                f"{room - _height(bar, highest, room):.1f}",
                f"{place * (1 - _GAP):.2f}",
                f"{_height(bar, highest, room):.1f}",
                f"{bar.label} {bar.text}".strip(),
            )
            for number, bar in enumerate(bars)
        ),
    )
    return format_html(
        '<svg class="d-block" width="100%" height="{}" role="img" aria-label="{}">{}'
        '<line x1="0" y1="{}" x2="100%" y2="{}" stroke="currentColor" stroke-opacity="0.4"/>'
        "{}</svg>",
        height,
        alternative(bars, title=title),
        drawn,
        room,
        room,
        axis([(place * (at + 0.5), bar.label) for at, bar in enumerate(bars) if bar.label], height),
    )


@dataclass(frozen=True)
class Share:
    """A part of a whole: `kind` ends the class of the style sheet that colours it
    ("share-new")."""

    kind: str
    label: str
    value: int


_LEAST = 0.8  # percent of the width: one of a million is still seen


def side_by_side(values: Sequence[float], *, least: float) -> list[tuple[float, float]]:
    """This will place the parts of a whole side by side: where each begins and how wide it is, in
    percent. None is narrower than `least` before all are made to fit."""
    whole = sum(values) or 1
    wide = [max(least, 100 * value / whole) for value in values]
    scale = 100 / (sum(wide) or 1)
    return [(sum(wide[:place]) * scale, one * scale) for place, one in enumerate(wide)]


def shares_svg(shares: Sequence[Share], *, title: str, height: int = 22) -> SafeString:
    """This will draw the parts of a whole side by side in one bar, each as wide as its share; one
    that is not empty is seen however small it is. The text alternative says title and numbers."""
    there = [share for share in shares if share.value]
    placed = side_by_side([share.value for share in there], least=_LEAST)
    drawn = format_html_join(
        "",
        '<rect class="share-{}" x="{}%" width="{}%" height="{}"><title>{}</title></rect>',
        (
            (share.kind, f"{start:.3f}", f"{width:.3f}", height,
             f"{share.label}: {share.value:,}")
            for share, (start, width) in zip(there, placed, strict=True)
        ),
    )  # fmt: skip
    numbers = "; ".join(f"{share.label}: {share.value:,}" for share in shares)
    return format_html(
        '<svg class="shares" width="100%" height="{}" role="img" aria-label="{}">{}</svg>',
        height, f"{title}. {numbers}", drawn,
    )  # fmt: skip


def alternative(bars: Sequence[Bar], *, title: str) -> str:
    """This will say a picture in words: "Turnover: 2026-01 ¥10; 2026-02 ¥12"."""
    return f"{title}: " + "; ".join(f"{bar.label} {bar.text}".strip() for bar in bars)


def _height(bar: Bar, highest: float, room: int) -> float:
    return max(0.0, bar.value) / highest * room


def axis(labelled: Sequence[tuple[float, str]], height: int) -> SafeString:
    """This will write labels below a picture at their places (percent of its width); where they are
    more than a phone has room for, some of them."""
    is_long = any(len(label) >= _LONG for _middle, label in labelled)
    every = -(-len(labelled) // (_MOST_LONG_LABELS if is_long else _MOST_LABELS)) or 1
    return format_html_join(
        "",
        '<text x="{}%" y="{}" font-size="11" text-anchor="{}" fill="currentColor">{}</text>',
        (
            (f"{middle:.2f}", height - 3, _anchor(middle), label)
            for middle, label in labelled[::every]
        ),
    )


def _anchor(middle: float) -> str:
    """Which point of a label stands at `middle` percent, so that none is cut off at an edge."""
    if middle < _EDGE:
        return "start"
    return "end" if middle > 100 - _EDGE else "middle"
