"""Which state of an alert may follow which, by whom, and when one comes again."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from campaigns.warnings.enums import Mover, Severity
from campaigns.warnings.enums import State as S

# From which state to which, by whom. The database holds the same pairs (`alert_move_allowed`).
MOVES: Mapping[tuple[str, str], str] = {
    (S.OPEN, S.LOOKING): Mover.PERSON,
    (S.LOOKING, S.OPEN): Mover.PERSON,
    (S.LOOKING, S.CONFIRMED): Mover.PERSON,
    (S.LOOKING, S.DISMISSED): Mover.PERSON,
    (S.CONFIRMED, S.SETTLED): Mover.PERSON,
    (S.CONFIRMED, S.DISMISSED): Mover.APPEAL,
    (S.SETTLED, S.DISMISSED): Mover.APPEAL,
    (S.DISMISSED, S.OPEN): Mover.SWEEP,
    (S.SETTLED, S.OPEN): Mover.SWEEP,
}
# To these a person gives a reason.
WITH_REASON = frozenset({S.CONFIRMED, S.DISMISSED, S.SETTLED})
WAITING = (S.OPEN, S.LOOKING)
JUDGED = (S.CONFIRMED, S.DISMISSED)
# Evidence has grown materially where it weighs so many times what it did when it was judged.
GROWTH = Decimal("1.5")
# What was settled is new where it had ceased for so long.
CEASED = dt.timedelta(days=30)


def may(from_state: str, to_state: str, mover: str) -> bool:
    """This will tell whether somebody may move an alert so."""
    return MOVES.get((from_state, to_state)) == mover


def open_to(state: str, mover: str = Mover.PERSON) -> list[S]:
    """This will list the states to which somebody may move an alert, in the order of the table."""
    return [S(to) for (here, to), by in MOVES.items() if here == state and by == mover]


@dataclass(frozen=True)
class Judged:
    """An alert that was dismissed or settled: what it weighed then, and when it was last seen."""

    state: str
    weight: Decimal
    severity: str
    last_seen_at: dt.datetime


def comes_again(judged: Judged, *, weight: Decimal, severity: str, at: dt.datetime) -> bool:
    """This will tell whether what was judged is to be looked at again: where its evidence grew
    materially, or what was settled had ceased and began anew."""
    has_grown = weight >= judged.weight * GROWTH
    is_worse = severity == Severity.SEVERE and judged.severity != Severity.SEVERE
    is_new = judged.state == S.SETTLED and at - judged.last_seen_at >= CEASED
    return has_grown or is_worse or is_new
