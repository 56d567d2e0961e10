"""From which pane of the window a note may go to which, and what must be said of it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merchants.windows.enums import Pane as P

# The four panes, as they lie in the window: what we know above, what they know at the left.
FOUR = (P.OPEN, P.OURS, P.THEIRS, P.UNKNOWN)


@dataclass(frozen=True)
class Move:
    """What a move of a note means; where `asks` is set, words must say it."""

    label: Any
    asks: Any = None


_LEARNT = gettext_lazy("What was learnt")
_WHY = gettext_lazy("Why it holds no more")
# Nothing that is known becomes unknown, and nothing that is open is hidden again; who knows alone
# does not change sides. What was put into the wrong pane is taken out, and written anew.
MOVES: dict[tuple[str, str], Move] = {
    (P.OURS, P.OPEN): Move(gettext_lazy("We shared it")),
    (P.THEIRS, P.OPEN): Move(gettext_lazy("They told us"), _LEARNT),
    (P.UNKNOWN, P.OPEN): Move(gettext_lazy("Found out together"), _LEARNT),
    (P.UNKNOWN, P.OURS): Move(gettext_lazy("We found it out"), _LEARNT),
    (P.UNKNOWN, P.THEIRS): Move(gettext_lazy("They seem to know it"), _LEARNT),
    **{(pane, P.GONE): Move(gettext_lazy("Take it out of the window"), _WHY) for pane in FOUR},
}  # fmt: skip
# With the beginnings, for the database.
PAIRS = [*(("", pane) for pane in FOUR), *MOVES]
# Of these something was learnt, or it goes for a reason: words must say what.
ASKED = [pair for pair, move in MOVES.items() if move.asks is not None]


def targets(pane: str) -> list[str]:
    """This will list the panes to which a note may go from one."""
    return [after for before, after in MOVES if before == pane]


def refusal(before: str, after: str, words: str) -> str:
    """This will say why a note may not go from one pane to another with these words; "" where it
    may."""
    move = MOVES.get((before, after))
    if move is not None:
        if move.asks is not None and not words:
            return _("Write it down: {what}.").format(what=move.asks)
        return ""
    if after not in P.values or before not in FOUR:
        return _("There is no such pane.")
    if before == after:
        return _("It is in this pane already.")
    if after == P.UNKNOWN:
        return _("What somebody knows does not become unknown.")
    if before == P.OPEN:
        return _("What both know cannot be hidden again.")
    return _("Who knows it alone does not change: share it, or ask.")
