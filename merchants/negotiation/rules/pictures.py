"""The ladder of stages as a picture: plain SVG, coloured by the style sheet, narrow enough for a
phone, with a text for those who cannot see it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from merchants.negotiation.enums import Stage
from merchants.negotiation.rules import stages

_WIDE, _STEP, _LEFT = 320, 44, 18
DONE, NOW, AHEAD, LEFT = "done", "now", "ahead", "left"


@dataclass(frozen=True)
class Rung:
    """A stage on the ladder: since when it was entered last, how many days were spent in it, and
    whether it is passed, present, or ahead; `left` where talks ended here."""

    stage: str
    first: dt.date | None
    days: int
    state: str

    @property
    def label(self) -> Any:
        return Stage(self.stage).label

    @property
    def words(self) -> str:
        """What is said of it besides its name."""
        if self.first is None:
            return _("ahead") if self.state == AHEAD else _("passed over")
        said = _("from {day}, {days} days").format(day=self.first, days=self.days)
        return f"{said} · {_('ended here')}" if self.state == LEFT else said


def ladder(changes: Sequence[tuple[str, dt.date]], on: dt.date) -> list[Rung]:
    """This will tell the rungs that follow from moves (stage, day) in order, up to a day. Days of
    several stays add up."""
    ends = [day for _stage, day in changes[1:]] + [on]
    days: dict[str, int] = {}
    first: dict[str, dt.date] = {}
    for (stage, day), end in zip(changes, ends, strict=True):
        days[stage] = days.get(stage, 0) + max(0, (end - day).days)
        first[stage] = day
    present = changes[-1][0] if changes else ""
    is_lost = present == Stage.LOST and len(changes) > 1
    at = changes[-2][0] if is_lost else present
    reached = stages.LADDER.index(at) if at in stages.LADDER else len(stages.LADDER)
    return [
        Rung(stage, first.get(stage) if number <= reached else None, days.get(stage, 0),
             _state(number, reached, is_lost))
        for number, stage in enumerate(stages.LADDER)
    ]  # fmt: skip


def _state(number: int, reached: int, is_lost: bool) -> str:
    if number == reached:
        return LEFT if is_lost else NOW
    return DONE if number < reached else AHEAD


def ladder_svg(rungs: Sequence[Rung], *, title: str) -> SafeString:
    """This will draw the stages one below the other, joined by a line."""
    high = _STEP * len(rungs)
    drawn = format_html_join(
        "",
        '<g class="rung rung-{}"><circle cx="{}" cy="{}" r="9"/>'
        '<text class="rung-name" x="{}" y="{}" font-size="15">{}</text>'
        '<text class="rung-words" x="{}" y="{}" font-size="12">{}</text></g>',
        (
            (
                rung.state, _LEFT, _STEP * number + 18, _LEFT + 22, _STEP * number + 20,
                f"{number + 1}. {rung.label}", _LEFT + 22, _STEP * number + 36, rung.words,
            )
            for number, rung in enumerate(rungs)
        ),
    )  # fmt: skip
    said = "; ".join(f"{rung.label}: {rung.words}" for rung in rungs)
    return format_html(
        '<svg class="rungs" viewBox="0 0 {} {}" role="img" aria-label="{}: {}">'
        '<path class="rungs-line" d="M{} 18 V{}"/>{}</svg>',
        _WIDE, high, title, said, _LEFT, high - _STEP + 18, drawn,
    )  # fmt: skip
