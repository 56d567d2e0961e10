"""Steps on a line from a beginning to an end: plain SVG that a strict content policy allows, narrow
and with large letters, so that it can be read on a phone."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_WIDTH, _LEFT, _LETTERS, _SMALL, _LINE = 420, 30, 16, 13, 18
_HEAD, _BAR, _GAP, _X = 22, 12, 16, 11
_INK, _SOFT, _ACCENT, _WARN = "#1b2733", "#5c6b7a", "#1a5fb4", "#a52834"
_SHADES = ("#1a5fb4", "#1a7f4b", "#8a5a00", "#5c6b7a", "#7a3e9d", "#a52834")
EDGE, STEP, OPEN = "edge", "step", "open"


@dataclass(frozen=True)
class Share:
    """So many of a hundred, and what they are called."""

    label: str
    percent: int


@dataclass(frozen=True)
class Stop:
    """One stop: its name, what is to be known of it in lines, and to whom what is said. An EDGE is
    where the line begins or ends, OPEN a step that is not whole."""

    name: str
    lines: Sequence[str] = ()
    shares: Sequence[Share] = ()
    kind: str = STEP

    @property
    def words(self) -> str:
        """The stop in words."""
        said = [*self.lines, *(f"{one.label} {one.percent}%" for one in self.shares)]
        return f"{self.name}: {', '.join(said)}" if said else self.name


def path_svg(stops: Sequence[Stop], *, title: str) -> SafeString:
    """This will draw stops one below the other. `title` says what is shown; all words follow it in
    the text alternative."""
    tops = [sum(map(_height, stops[:number])) for number in range(len(stops))]
    height = sum(map(_height, stops)) or _HEAD
    drawn = format_html_join(
        "", "{}", ((_stop(one, top),) for one, top in zip(stops, tops, strict=True))
    )
    line = format_html(
        '<line x1="{}" y1="12" x2="{}" y2="{}" stroke="#b4bfca" stroke-width="2"></line>',
        _X, _X, 12 + (tops[-1] if tops else 0),
    )  # fmt: skip
    said = "; ".join(one.words for one in stops)
    return format_html(
        '<svg class="d-block" width="100%" viewBox="0 0 {} {}" role="img" aria-label="{}"'
        ' preserveAspectRatio="xMinYMin">{}{}</svg>',
        _WIDTH, height, f"{title}: {said}", line, drawn,
    )  # fmt: skip


def _height(stop: Stop) -> int:
    bars = _BAR + _LINE * len(stop.shares) + 4 if stop.shares else 0
    return _HEAD + _LINE * len(stop.lines) + bars + _GAP


def _stop(stop: Stop, top: int) -> SafeString:
    lines = format_html_join(
        "",
        '<text x="{}" y="{}" font-size="{}" fill="{}">{}</text>',
        (
            (_LEFT, top + _HEAD + 13 + _LINE * number, _SMALL, _SOFT, _cut(words, _SMALL))
            for number, words in enumerate(stop.lines)
        ),
    )
    return format_html(
        '{}<text x="{}" y="{}" font-size="{}" font-weight="600" fill="{}">{}</text>{}{}',
        _mark(stop.kind, top + 12), _LEFT, top + 18, _LETTERS, _INK, _cut(stop.name, _LETTERS),
        lines, _shares(stop.shares, top + _HEAD + 4 + _LINE * len(stop.lines)),
    )  # fmt: skip


def _mark(kind: str, middle: int) -> SafeString:
    colours = {EDGE: ("#fff", _SOFT), STEP: (_ACCENT, _ACCENT), OPEN: ("#fff", _WARN)}
    fill, line = colours[kind]
    return format_html(
        '<circle cx="{}" cy="{}" r="7" fill="{}" stroke="{}" stroke-width="2.5"></circle>',
        _X, middle, fill, line,
    )  # fmt: skip


def _shares(shares: Sequence[Share], top: int) -> SafeString:
    """A bar with the parts of a hundred, and below it a line for each in its colour."""
    whole = max(100, sum(one.percent for one in shares))
    width, left = _WIDTH - _LEFT, float(_LEFT)
    bars = []
    for number, one in enumerate(shares):
        wide = width * one.percent / whole
        bars.append((f"{left:.1f}", top, f"{wide:.1f}", _BAR, _SHADES[number % len(_SHADES)]))
        left += wide
    named = (
        (_LEFT, top + _BAR + 14 + _LINE * number, _SMALL, _SHADES[number % len(_SHADES)],
         _cut(f"{one.label} {one.percent}%", _SMALL))
        for number, one in enumerate(shares)
    )  # fmt: skip
    return format_html(
        "{}{}",
        format_html_join(
            "", '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"></rect>', bars
        ),
        format_html_join(
            "", '<text x="{}" y="{}" font-size="{}" fill="{}">{}</text>', named
        ),
    )  # fmt: skip


def _cut(words: str, size: int) -> str:
    """As many words as have room: letters of Chinese are as wide as high."""
    room = float(_WIDTH - _LEFT)
    for kept, sign in enumerate(words):
        room -= size if ord(sign) > 0x2E7F else size * 0.55
        if room < size and kept < len(words) - 1:
            return f"{words[:kept]}…"
    return words
