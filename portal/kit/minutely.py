"""What each web process does once a minute, and a last time when it ends: writing down what it
summed up meanwhile. A process that is killed with -9 loses the minute that it is in."""

import datetime as dt
import logging
import threading
from collections.abc import Callable, Sequence

from django.db import connection

from portal.kit import clock

# What is called with the instant, and with whether the process ends.
Work = Callable[[dt.datetime, bool], object]
_MINUTE = 60
_LATE = 0.5  # seconds after the full minute, so that the one before is over
logger = logging.getLogger(__name__)


def start(works: Sequence[Work]) -> None:
    """This will begin the minutes of this process, in a thread that does not keep it alive."""
    threading.Thread(target=_keep_on, args=(works,), name="minutely", daemon=True).start()


def finish(works: Sequence[Work]) -> None:
    """This will do it all a last time."""
    for work in works:
        _do(work, is_last=True)


def _keep_on(works: Sequence[Work]) -> None:
    pause = threading.Event()  # of which nobody ever hears: a sleep
    while True:
        pause.wait(_MINUTE - clock.now().timestamp() % _MINUTE + _LATE)
        for work in works:
            _do(work, is_last=False)
        connection.close()


def _do(work: Work, *, is_last: bool) -> None:
    """What fails is done again in the next minute; the others have their turn."""
    try:
        work(clock.now(), is_last)
    except Exception:
        logger.exception("What is due each minute failed")
