"""Lines over time as small pictures made on the server: plain SVG that a strict content policy
allows, with a text for those who cannot see it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.kit import charts

_TEXT = 16  # height of the line of labels
_ROOM = 96  # of 100: the highest value stays below the edge
_NEAR = 12  # percent of the width; words of a mark nearer to the edge grow away from it


@dataclass(frozen=True)
class Line:
    """One line: a value for each place, None where there is none. A dashed one is for
    comparison."""

    values: Sequence[float | None]
    is_dashed: bool = False


@dataclass(frozen=True)
class Mark:
    """An upright line at a place (from 0 on), with words at its top."""

    place: int
    text: str


def lines_svg(
    lines: Sequence[Line],
    labels: Sequence[str],
    *,
    said: str,
    mark: Mark | None = None,
    height: int = 200,
    highest: float | None = None,
) -> SafeString:
    """This will draw lines on a common scale from nought up, over places named by `labels`, of
    which some are written. `said` is the text alternative. The picture takes its colour from the
    text around it, and the width of its place; letters are of one size on every screen. With
    `highest` several pictures have one scale."""
    if highest is None:
        highest = max((value for line in lines for value in line.values if value), default=0) or 1
    room = height - _TEXT
    placed = [(_percent(place, len(labels)), label) for place, label in enumerate(labels)]
    drawn = format_html_join(
        "",
        '<polyline points="{}" fill="none" stroke="currentColor" stroke-width="{}"'
        ' stroke-opacity="{}" stroke-dasharray="{}" vector-effect="non-scaling-stroke"/>',
        (
            (points, *(("1.5", "0.6", "5 4") if line.is_dashed else ("2", "1", "none")))
            for line in lines
            for points in _pieces(line.values, highest)
        ),
    )
    return format_html(
        '<svg class="d-block" width="100%" height="{}" role="img" aria-label="{}">'
        '<svg width="100%" height="{}" viewBox="0 0 {} 100" preserveAspectRatio="none">{}</svg>'
        '<line x1="0" y1="{}" x2="100%" y2="{}" stroke="currentColor" stroke-opacity="0.4"/>'
        "{}{}</svg>",
        height, said, room, max(len(labels) - 1, 1), drawn, room, room,
        _marked(mark, len(labels), room), charts.axis(placed, height),
    )  # fmt: skip


def _pieces(values: Sequence[float | None], highest: float) -> Iterator[str]:
    """The unbroken pieces of a line; a single value is drawn as a short one."""
    piece: list[str] = []
    for place, value in enumerate([*values, None]):
        if value is not None:
            piece.append(f"{place},{100 - max(value, 0) / highest * _ROOM:.1f}")
        elif piece:
            yield " ".join(piece if len(piece) > 1 else [piece[0], f"{place - 0.6:.1f},"
                           + piece[0].split(",")[1]])  # fmt: skip
            piece = []


def _percent(place: float, count: int) -> float:
    return 100 * place / max(count - 1, 1)


def _marked(mark: Mark | None, count: int, room: int) -> SafeString:
    if mark is None:
        return SafeString("")
    at = _percent(mark.place, count)
    is_right = at > 100 - 3 * _NEAR
    return format_html(
        '<line x1="{0}%" y1="0" x2="{0}%" y2="{1}" stroke="currentColor" stroke-dasharray="2 3"/>'
        '<text x="{0}%" dx="{2}" y="12" font-size="11" text-anchor="{3}" fill="currentColor">{4}'
        "</text>",
        f"{at:.2f}", room, -4 if is_right else 4, "end" if is_right else "start", mark.text,
    )  # fmt: skip
