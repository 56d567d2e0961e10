"""Flows through steps as a Sankey picture drawn on the server, from top to bottom: plain SVG that
a strict content policy allows, narrow and with large letters, so that it can be read on a phone."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

_WIDTH, _BAR, _LETTERS, _LINE, _FLOW, _GAP = 420, 14, 16, 22, 30, 10
_LEAST = 3.0  # a flow of one of a million is still seen

# Bar and flow by what became of those who did not go on.
STAYED, LOST = "stayed", "lost"
_COLOURS = {"moved": ("#1a5fb4", "#cfe0f5"), STAYED: ("#5c6b7a", "#e2e7ed"),
            LOST: ("#a52834", "#f3d3d6")}  # fmt: skip


@dataclass(frozen=True)
class End:
    """Where some stopped: still there (STAYED) or gone for good (LOST)."""

    name: str
    count: int
    kind: str = STAYED


@dataclass(frozen=True)
class Step:
    """A step with all who reached it, and those of them who did not go on to the next."""

    name: str
    reached: int
    ends: Sequence[End] = ()


@dataclass
class _Shape:
    """A step as it is drawn: the widths of the ways out of it, that to the next step first."""

    step: Step
    onward: float
    ends: list[tuple[End, float]]

    @property
    def width(self) -> float:
        return self.onward + sum(width for _end, width in self.ends)


def sankey_svg(steps: Sequence[Step], *, title: str) -> SafeString:
    """This will draw how many went from each step to the next, and where the others stopped: every
    way as wide as many took it. `title` says what is shown; all numbers follow it in the text
    alternative. Steps that nobody reached are left out but for their names in that text."""
    shapes = _shapes([step for step in steps if step.reached])
    drawn: list[SafeString] = []
    words: list[SafeString] = []
    top = 0.0
    for number, shape in enumerate(shapes):
        is_last = number + 1 == len(shapes)
        words.append(
            _text(0, top + _LETTERS, "start", f"{shape.step.name}: {shape.step.reached:,}")
        )
        bar = top + _LINE
        drawn.append(_rect(0, bar, shape.width, "moved"))
        top = bar + _BAR + (0 if is_last and not shape.ends else _FLOW)
        lines = _ends(shape, bar + _BAR, top, words)
        drawn.extend(lines)
        if not is_last:
            # The next step's bar stands below the lines of those who stopped here.
            below = top + _height(shape) + _LINE
            drawn.append(_flow(0, bar + _BAR, 0, below, shape.onward, "moved"))
            top = below - _LINE
        else:
            top += _height(shape)
    alternative = "; ".join(_words(step) for step in steps)
    return format_html(
        '<svg class="img-fluid" role="img" viewBox="0 0 {} {}" width="{}" height="{}">'
        "<title>{}</title><desc>{}</desc>{}{}</svg>",
        _WIDTH, round(top + 4), _WIDTH, round(top + 4), title, alternative,
        mark_safe("".join(reversed(drawn))), mark_safe("".join(words)),  # noqa: S308
    )  # fmt: skip


def _words(step: Step) -> str:
    """A step in words: "Card issued: 12 (Not activated: 3)"."""
    ends = ", ".join(f"{end.name}: {end.count:,}" for end in step.ends if end.count)
    return f"{step.name}: {step.reached:,}" + (f" ({ends})" if ends else "")


def _shapes(steps: Sequence[Step]) -> list[_Shape]:
    """The widths, from the last step up: a step is as wide as all ways out of it, so that a way
    that is drawn wider than its share to be seen widens what it comes from."""
    ends = [[end for end in step.ends if end.count] for step in steps]
    most = max((step.reached for step in steps), default=0) or 1
    gaps = max((len(each) for each in ends), default=0) * _GAP
    slack = _LEAST * sum(len(each) + 1 for each in ends)
    scale = max(0.0, _WIDTH - gaps - slack) / most
    shapes: list[_Shape] = []
    below = 0.0
    for place in range(len(steps) - 1, -1, -1):
        step, stopped = steps[place], ends[place]
        widths = [(end, max(_LEAST, end.count * scale)) for end in stopped]
        gone_on = below if place + 1 < len(steps) else 0.0
        if not gone_on and not widths:
            gone_on = max(_LEAST, step.reached * scale)
        shape = _Shape(step, gone_on, widths)
        shapes.insert(0, shape)
        below = shape.width
    return shapes


def _height(shape: _Shape) -> float:
    """The room for the bars and names of those who stopped."""
    return _BAR / 2 + len(shape.ends) * _LINE if shape.ends else 0.0


def _ends(shape: _Shape, start: float, top: float, words: list[SafeString]) -> list[SafeString]:
    """Those who stopped: their flows to the right edge, their bars, and a line of words each."""
    drawn: list[SafeString] = []
    left, right = shape.width, float(_WIDTH)
    for line, (end, width) in enumerate(reversed(shape.ends)):
        left -= width
        right -= width
        drawn.append(_rect(right, top, width, end.kind, _BAR / 2))
        drawn.append(_flow(left, start, right, top, width, end.kind))
        right -= _GAP
        height = top + _BAR / 2 + _LETTERS + (len(shape.ends) - 1 - line) * _LINE
        words.append(_end_words(height, end))
    return drawn


def _end_words(line: float, end: End) -> SafeString:
    colour = _COLOURS[end.kind][0]
    return format_html(
        '{}<rect x="{}" y="{}" width="10" height="10" fill="{}"></rect>',
        _text(_WIDTH - 16, line, "end", f"{end.name}: {end.count:,}"),
        _WIDTH - 10, f"{line - 11:.1f}", colour,
    )  # fmt: skip


def _text(left: float, line: float, anchor: str, words: str) -> SafeString:
    # A white seam keeps the letters legible on the flows.
    return format_html(
        '<text x="{}" y="{}" font-size="{}" text-anchor="{}" fill="#1b2733" stroke="#fff"'
        ' stroke-width="3" paint-order="stroke">{}</text>',
        left, f"{line:.1f}", _LETTERS, anchor, words,
    )  # fmt: skip


def _rect(left: float, top: float, width: float, kind: str, height: float = _BAR) -> SafeString:
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"></rect>',
        f"{left:.1f}", f"{top:.1f}", f"{width:.1f}", f"{height:.1f}", _COLOURS[kind][0],
    )  # fmt: skip


def _flow(left: float, start: float, to: float, end: float, width: float, kind: str) -> SafeString:
    """A ribbon of one width from (left, start) down to (to, end)."""
    middle = (start + end) / 2
    return format_html_join(
        "",
        '<path d="M{0} {1}C{0} {2} {3} {2} {3} {4}L{5} {4}C{5} {2} {6} {2} {6} {1}Z"'
        ' fill="{7}"></path>',
        [(
            f"{left:.1f}", f"{start:.1f}", f"{middle:.1f}", f"{to:.1f}", f"{end:.1f}",
            f"{to + width:.1f}", f"{left + width:.1f}", _COLOURS[kind][1],
        )],
    )  # fmt: skip
