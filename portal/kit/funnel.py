"""A funnel drawn on the server: plain SVG that a strict content policy allows, with a text for
those who cannot see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# In units of the picture; narrow and with large letters, so that it can be read on a phone.
_WIDTH, _STEP, _BAR, _LETTERS = 420, 58, 24, 17


@dataclass(frozen=True)
class FunnelStep:
    """One step: its name and how many are left after it."""

    name: str
    left: int


def funnel_svg(steps: Sequence[FunnelStep], *, title: str) -> SafeString:
    """This will draw the steps from top to bottom, each as long as many are left of the first.

    `title` says what is shown; the numbers follow it in the text alternative. Letters and outline
    take the colour of the text around, the bars that of links.
    """
    most = max((step.left for step in steps), default=0) or 1
    drawn = format_html_join(
        "",
        '<text x="0" y="{}" font-size="{}" fill="currentColor">{}</text>'
        '<text x="{}" y="{}" font-size="{}" fill="currentColor" text-anchor="end">{}</text>'
        '<rect x="0" y="{}" width="{}" height="{}" fill="#e8f0fa"></rect>'
        '<rect x="0" y="{}" width="{}" height="{}" fill="#1a5fb4"></rect>',
        (_drawn(step, number * _STEP, most) for number, step in enumerate(steps)),
    )
    numbers = "; ".join(f"{step.name}: {step.left:,}" for step in steps)
    return format_html(
        '<svg class="img-fluid" role="img" viewBox="0 0 {} {}" width="{}" height="{}">'
        "<title>{}</title><desc>{}</desc>{}</svg>",
        _WIDTH, _STEP * len(steps), _WIDTH, _STEP * len(steps), title, numbers, drawn,
    )  # fmt: skip


def _drawn(step: FunnelStep, top: int, most: int) -> tuple[object, ...]:
    # Who is there is seen: one of a million is still a line.
    length = max(2.0, _WIDTH * step.left / most) if step.left else 0.0
    line, bar = top + _LETTERS, top + _LETTERS + 7
    return (
        line, _LETTERS, step.name, _WIDTH, line, _LETTERS, f"{step.left:,}",
        bar, _WIDTH, _BAR, bar, f"{length:.1f}", _BAR,
    )  # fmt: skip
