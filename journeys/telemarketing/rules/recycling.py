"""What may come after a call, and when a lead is called again."""

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from journeys.telemarketing.enums import NextStep

# The parts of a day that calls go round, each from an hour on, on the bank's clock.
_ROUND = ((9, "morning"), (13, "afternoon"), (18, "evening"))
_NAMES = tuple(name for _hour, name in _ROUND)
_STARTS = {name: hour for hour, name in _ROUND}
HOUR = dt.timedelta(hours=1)
# For how long nobody contacts whoever was angry at the end of a call.
COOLING = dt.timedelta(days=30)
# So much later a promise is kept still: the call before may take that long.
GRACE = dt.timedelta(minutes=30)


class Outcome(Protocol):
    """What a disposition says of a call."""

    is_reached: bool
    is_interested: bool
    is_sale: bool
    is_refused_for_good: bool
    is_unworkable: bool
    is_callback: bool


def steps_of(outcome: Outcome) -> tuple[NextStep, ...]:
    """This will say which steps may follow an outcome, the usual one first. A sale, a word never to
    be called again and a number that is of no use leave no choice, nor does a promise; after
    anything else the lead is called again or closed, and who was reached may have been promised a
    call all the same."""
    if outcome.is_sale:
        return (NextStep.WON,)
    if outcome.is_refused_for_good:
        return (NextStep.DO_NOT_CALL,)
    if outcome.is_unworkable:
        return (NextStep.LOST,)
    if outcome.is_callback:
        return (NextStep.CALLBACK,)
    promised = (NextStep.CALLBACK,) if outcome.is_reached else ()
    return (NextStep.AGAIN, NextStep.LOST, *promised)


def part_of_round(time: dt.datetime) -> str:
    """This will name the part of the day that calls go round; before the morning it is the
    evening's still."""
    return next((name for hour, name in reversed(_ROUND) if time.hour >= hour), _NAMES[-1])


def call_again_at(
    called: dt.datetime, *, hours: int, rotates: bool, before: Sequence[dt.datetime] = ()
) -> dt.datetime:
    """This will say from when a lead is called again that was called at `called`, `hours` later at
    the earliest. Where the hour rotates, in the part of the day in which it was called the fewest
    times (`before` are its earlier calls), of several the one that comes next after this one's.
    All times are on the bank's clock."""
    earliest = called + hours * HOUR
    if not rotates:
        return earliest
    wanted = _wanted(called, before)
    if part_of_round(earliest) == wanted and earliest.hour >= _STARTS[wanted]:
        return earliest
    start = earliest.replace(hour=_STARTS[wanted], minute=0, second=0, microsecond=0)
    return start if start >= earliest else start + dt.timedelta(days=1)


def _wanted(called: dt.datetime, before: Sequence[dt.datetime]) -> str:
    now = _NAMES.index(part_of_round(called))
    tried = [part_of_round(time) for time in (*before, called)]
    following = [_NAMES[(now + step) % len(_NAMES)] for step in range(1, len(_NAMES) + 1)]
    return min(following, key=tried.count)  # the first of those
