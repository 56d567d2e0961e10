"""Steps one below the other, each with a bar of what became of those who came to it: plain SVG that
a strict content policy allows, narrow and with large letters, so that it can be read on a phone."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_WIDTH, _HEIGHT, _BAR, _LETTERS, _SMALL = 420, 92, 16, 16, 13
_LEAST = 2.0  # one of a million is still seen
_LINE, _GAP = 18, 8
DONE, WAITING, PASSED, GONE = "done", "waiting", "passed", "gone"
_COLOURS = {DONE: "#1a7f4b", WAITING: "#1a5fb4", PASSED: "#5c6b7a", GONE: "#a52834"}


@dataclass(frozen=True)
class Part:
    """So many of a step, what they are called, and their kind: DONE, WAITING, PASSED or GONE."""

    label: str
    count: int
    kind: str


@dataclass(frozen=True)
class Rung:
    """A step: its name, when it comes, and what became of those who came to it."""

    name: str
    note: str
    parts: Sequence[Part]

    @property
    def total(self) -> int:
        return sum(part.count for part in self.parts)

    @property
    def words(self) -> str:
        """The counts in words."""
        return ", ".join(f"{part.label} {part.count:,}" for part in self.parts if part.count)


def ladder_svg(rungs: Sequence[Rung], *, title: str) -> SafeString:
    """This will draw steps with what became of people at each. `title` says what is shown; all
    numbers follow it in the text alternative."""
    most = max((rung.total for rung in rungs), default=0) or 1
    lines = [_lines(rung) for rung in rungs]
    tops = [sum(_height(one) for one in lines[:number]) for number in range(len(rungs))]
    drawn = format_html_join(
        "",
        "{}",
        (
            (_rung(rung, number, tops[number], lines[number], most),)
            for number, rung in enumerate(rungs)
        ),
    )
    said = "; ".join(f"{rung.name}: {rung.words or 0}" for rung in rungs)
    return format_html(
        '<svg class="d-block" width="100%" viewBox="0 0 {} {}" role="img" aria-label="{}"'
        ' preserveAspectRatio="xMinYMin">{}</svg>',
        _WIDTH, sum(map(_height, lines)) or _HEIGHT, f"{title}: {said}", drawn,
    )  # fmt: skip


def _height(lines: Sequence[Sequence[Part]]) -> int:
    return _HEIGHT + _LINE * (max(1, len(lines)) - 1)


def _lines(rung: Rung) -> list[list[Part]]:
    """The counts, in as many lines as their words need."""
    lines: list[list[Part]] = []
    left = 0.0
    for part in rung.parts:
        if not part.count:
            continue
        width = _width(f"{part.label} {part.count:,}")
        if not lines or left < width:
            lines.append([])
            left = _WIDTH
        lines[-1].append(part)
        left -= width + _GAP
    return lines


def _width(words: str) -> float:
    """About how wide small letters are: those of Chinese are as wide as high."""
    return sum(_SMALL if ord(one) > 0x2E7F else _SMALL * 0.55 for one in words)


def _rung(
    rung: Rung, number: int, top: int, lines: Sequence[Sequence[Part]], most: int
) -> SafeString:
    return format_html(
        "{}{}{}{}",
        _text(top + 18, _LETTERS, "#1b2733", f"{number + 1}. {rung.name}"),
        _text(top + 36, _SMALL, "#5c6b7a", rung.note),
        _bar(rung, top + 44, most),
        format_html_join(
            "",
            "{}",
            ((_counts(parts, top + 78 + _LINE * line),) for line, parts in enumerate(lines)),
        ),
    )


def _text(line: float, size: int, colour: str, words: str) -> SafeString:
    return format_html(
        '<text x="0" y="{}" font-size="{}" fill="{}">{}</text>', line, size, colour, words
    )


def _bar(rung: Rung, top: float, most: int) -> SafeString:
    drawn, left = [], 0.0
    for part in rung.parts:
        if part.count:
            width = max(_LEAST, part.count / most * (_WIDTH - 4 * _LEAST))
            drawn.append((f"{left:.1f}", top, f"{width:.1f}", _BAR, _COLOURS[part.kind]))
            left += width
    frame = format_html(
        '<rect x="0" y="{}" width="{}" height="{}" fill="#e2e7ed"></rect>', top, _WIDTH, _BAR
    )
    bars = format_html_join(
        "", '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"></rect>', drawn
    )
    return format_html("{}{}", frame, bars)


def _counts(parts: Sequence[Part], line: float) -> SafeString:
    written = format_html_join(
        "",
        '<tspan fill="{}" dx="{}">{} {}</tspan>',
        (
            (_COLOURS[part.kind], _GAP if number else 0, part.label, f"{part.count:,}")
            for number, part in enumerate(parts)
        ),
    )
    return format_html('<text x="0" y="{}" font-size="{}">{}</text>', line, _SMALL, written)
