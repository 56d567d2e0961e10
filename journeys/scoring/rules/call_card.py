"""A scorecard of calls with points set by hand: what stands in while there is no model, or none
that is better. It asks for four facts and for no personal trait."""

from collections.abc import Callable

import numpy as np

from journeys.scoring.rules.calls import Calls, Numbers

MOST = 100


def _earlier_result(calls: Calls) -> Numbers:
    points = {"success": 45.0, "other": 20.0, "": 15.0, "failure": 10.0}
    return np.array([points.get(str(one), 15.0) for one in calls.earlier_result])


def _attempts(calls: Calls) -> Numbers:
    return np.select([calls.attempts <= 1, calls.attempts <= 2, calls.attempts <= 3],
                     [25.0, 18.0, 10.0], 0.0)  # fmt: skip


def _channel(calls: Calls) -> Numbers:
    points = {"mobile": 20.0, "landline": 12.0}
    return np.array([points.get(str(one), 5.0) for one in calls.channel])


def _since(calls: Calls) -> Numbers:
    return np.where(np.isnan(calls.since), 3.0, np.where(calls.since < 180, 10.0, 5.0))


# Points add up to MOST.
LINES: dict[str, Callable[[Calls], Numbers]] = {
    "earlier_result": _earlier_result,
    "attempts": _attempts,
    "channel": _channel,
    "since": _since,
}


def points_of(calls: Calls) -> dict[str, Numbers]:
    """This will return the points of each line, for each call."""
    return {fact: read(calls) for fact, read in LINES.items()}


def scores_of(calls: Calls) -> Numbers:
    """This will return the points of each call, 0 to 100."""
    return np.asarray(sum(points_of(calls).values(), np.zeros(len(calls))))


def middle_points() -> dict[str, float]:
    """This will return of each line the middle of what it gives: more speaks for a success."""
    return {"earlier_result": 27.5, "attempts": 12.5, "channel": 12.5, "since": 6.5}
