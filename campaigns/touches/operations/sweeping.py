"""The sweep of touch plans: safe to repeat, and to be done by several at once."""

import datetime as dt
from functools import partial

from campaigns.touches import queries
from campaigns.touches.operations import (
    adding,
    calling,
    following,
    gathering,
    leaving,
    moving,
    working,
)
from campaigns.touches.operations.alone import alone

# So many steps of one version in one sweep, so that a full one does not keep the others waiting.
MOST = 50_000


def sweep_touches(*, at: dt.datetime) -> int:
    """This will do what is due in all touch plans: people are moved to versions in force, marks
    followed, those who enter let in, steps worked off, those let go whose time is over, and calls
    taken back of those who have left. It returns how many steps were answered.

    What fails, of one version or of all, is logged and keeps the others from nothing.
    """
    in_force = queries.versions_in_force()
    for version in queries.versions_to_move_to():
        move = partial(moving.move_people, version=version, at=at)
        alone(move, "People could not be moved to version %s", version.pk)
    alone(partial(following.follow_marks, at=at), "Marks of touch plans could not be followed")
    for version in in_force:
        gather = partial(gathering.gather, version=version, at=at)
        alone(gather, "Nobody could enter the touch plan of version %s", version.pk)
    alone(partial(leaving.leave_ended, at=at), "Stays that are over could not be ended")
    alone(partial(calling.recall_calls, at=at), "Calls could not be looked after")
    alone(adding.add_up, "Counts of touch plans could not be added up")
    answered = 0
    for version in queries.versions_with_people():
        work = partial(working.work_due, version_id=version.pk, at=at, most=MOST)
        answered += alone(work, "Steps of version %s could not be worked off", version.pk)
    return answered
