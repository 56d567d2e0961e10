"""The sweep of touch plans: safe to repeat, and to be done by several at once."""

import datetime as dt
import logging

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

logger = logging.getLogger(__name__)
# So many steps of one version in one sweep, so that a full one does not keep the others waiting.
MOST = 50_000


def sweep_touches(*, at: dt.datetime) -> int:
    """This will do what is due in all touch plans: people are moved to versions in force, marks
    followed, those who enter let in, steps worked off, those let go whose time is over, and calls
    taken back of those who have left. It returns how many steps were answered.

    What fails of one version is logged, and keeps the others from nothing.
    """
    in_force = queries.versions_in_force()
    for version in queries.versions_to_move_to():
        moving.move_people(version=version, at=at)
    following.follow_marks(at=at)
    for version in in_force:
        try:
            gathering.gather(version=version, at=at)
        except Exception:
            logger.exception("Nobody could enter the touch plan of version %s", version.pk)
    leaving.leave_ended(at=at)
    calling.recall_calls(at=at)
    adding.add_up()
    answered = 0
    for version in queries.versions_with_people():
        try:
            answered += working.work_due(version_id=version.pk, at=at, most=MOST)
        except Exception:
            logger.exception("Steps of version %s could not be worked off", version.pk)
    return answered
