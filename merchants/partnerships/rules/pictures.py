"""Pictures of partnerships: the strip of phases that one went through, and the graph of moves.
Plain SVG, coloured by the style sheet, with a text for those who cannot see it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from merchants.partnerships.enums import Phase
from merchants.partnerships.rules import moves
from portal.kit import charts

_LEAST = 1.2  # percent of the width: a short phase is still seen


@dataclass(frozen=True)
class Stay:
    """A stay in a phase from a day to before another (None: to this day)."""

    phase: str
    first: dt.date
    end: dt.date
    is_present: bool

    @property
    def days(self) -> int:
        return (self.end - self.first).days

    @property
    def label(self) -> Any:
        return Phase(self.phase).label


def stays(changes: Sequence[tuple[str, dt.date]], on: dt.date) -> list[Stay]:
    """This will tell the stays that follow from moves (phase, day) in order; an end is none."""
    ends = [day for _phase, day in changes[1:]]
    found = [
        Stay(phase, first, max(first, end), is_present=False)
        for (phase, first), end in zip(changes, ends, strict=False)
    ]
    if changes and changes[-1][0] != Phase.ENDED:
        phase, first = changes[-1]
        found.append(Stay(phase, first, max(first, on), is_present=True))
    return found


def strip_svg(rows: Sequence[Stay], *, title: str) -> SafeString:
    """This will draw stays side by side, each as long as it lasted."""
    placed = charts.side_by_side([row.days for row in rows], least=_LEAST)
    drawn = format_html_join(
        "",
        '<rect class="phase-{}" x="{}%" y="0" width="{}%" height="26"><title>{}</title></rect>{}',
        (
            (row.phase, f"{left:.2f}", f"{width:.2f}", _said(row), _name(row, left, width))
            for row, (left, width) in zip(rows, placed, strict=True)
        ),
    )  # fmt: skip
    said = "; ".join(_said(row) for row in rows)
    return format_html(
        '<svg class="phase-strip" width="100%" height="26" role="img" aria-label="{}: {}">{}</svg>',
        title, said, drawn,
    )  # fmt: skip


def _said(row: Stay) -> str:
    return _("{phase} from {day}, {days} days").format(
        phase=row.label, day=row.first, days=row.days
    )


def _name(row: Stay, left: float, width: float) -> SafeString:
    """The phase's name within its part, where there is room on a phone too."""
    if width < 24:
        return SafeString("")
    return format_html(
        '<text x="{}%" y="18" text-anchor="middle" font-size="12">{}</text>',
        f"{left + width / 2:.2f}", row.label,
    )  # fmt: skip


_WIDE, _HIGH, _BOX_W, _BOX_H = 660, 390, 112, 40
_PLACES: dict[str, tuple[int, int]] = {
    Phase.PROSPECT: (70, 70), Phase.COMPARISON: (70, 200), Phase.CONFIRMED: (300, 70),
    Phase.PERFECT: (560, 70), Phase.WAVERING: (560, 200), Phase.ADJUSTMENT: (300, 200),
    Phase.ENDED: (300, 345),
}  # fmt: skip
# Ends leave from every phase; one line below all of them says it.
_FLOOR = 280


def graph_svg(*, second: Iterable[str], title: str) -> SafeString:
    """This will draw the phases and the moves between them; those in `second` always need a second
    person and are drawn broken."""
    asked = set(second)
    inner = [row for row in moves.MOVES.values() if row.after != Phase.ENDED]
    lines = format_html_join(
        "", '<path class="move{}" d="{}" marker-end="url(#tip)"><title>{}</title></path>',
        ((" move-second" if row.code in asked else "", _line(row), _pair(row)) for row in inner),
    )  # fmt: skip
    boxes = format_html_join(
        "",
        '<g class="phase-{}"><rect x="{}" y="{}" width="{}" height="{}" rx="6"/>'
        '<text x="{}" y="{}" text-anchor="middle" font-size="14">{}</text></g>',
        (
            (phase, x - _BOX_W / 2, y - _BOX_H / 2, _BOX_W, _BOX_H, x, y + 5, Phase(phase).label)
            for phase, (x, y) in _PLACES.items()
        ),
    )
    said = "; ".join(_pair(row) for row in moves.MOVES.values())
    return format_html(
        '<svg class="move-graph" viewBox="0 0 {} {}" role="img" aria-label="{}: {}">'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z"/></marker></defs>'
        '{}<path class="move" d="M10 {} H650"/>'
        '<path class="move" d="M300 {} V{}" marker-end="url(#tip)"/>'
        '<text x="312" y="{}" font-size="13">{}</text>{}</svg>',
        _WIDE, _HIGH, title, said, lines, _FLOOR, _FLOOR, 345 - _BOX_H // 2 - 1, _FLOOR + 28,
        _("every phase may end"), boxes,
    )  # fmt: skip


def _pair(row: moves.Move) -> str:
    return f"{Phase(row.before).label} → {Phase(row.after).label}"


def _line(row: moves.Move) -> str:
    """The way between two boxes; where the way back is allowed too, both keep to their right."""
    (x1, y1), (x2, y2) = _PLACES[row.before], _PLACES[row.after]
    aside = 8 if (row.after, row.before) in moves.MOVES else 0
    if x1 == x2:
        way = 1 if y2 > y1 else -1
        return f"M{x1 - way * aside} {y1 + way * 20} V{y2 - way * 21}"
    if y1 == y2:
        way = 1 if x2 > x1 else -1
        far = abs(x2 - x1) > 300  # past a box that stands between
        bend = f"Q{(x1 + x2) / 2} {y1 + 75}" if far else "L"
        start = f"M{x1 + way * 56} {y1 + way * aside + (12 if far else 0)}"
        return f"{start} {bend} {x2 - way * 57} {y2 + way * aside + (12 if far else 0)}"
    way = 1 if x2 > x1 else -1
    down = 1 if y2 > y1 else -1
    return f"M{x1 + way * 40} {y1 + down * 20} L{x2 - way * 40} {y2 - down * 21}"
