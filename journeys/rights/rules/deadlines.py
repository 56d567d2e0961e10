"""The clock of a request: working days from the day after it was received."""

import datetime as dt
from collections.abc import Mapping

from portal.kit import deadlines

NEAR_DAYS = 5  # from so many calendar days before the end on, a request is near its limit


def due_date(received: dt.date, working_days: int, workdays: Mapping[dt.date, bool]) -> dt.date:
    """This will return the last day on which an answer is in time: the working day number
    `working_days` after the day of receipt, which does not count itself.

    `workdays` tells of each day that may come in question whether it is one.
    """
    day, left = received, working_days
    while left:
        day += dt.timedelta(days=1)
        left -= workdays[day]
    return day


def clock_on(due: dt.date, on: dt.date) -> deadlines.Clock:
    """This will read the clock of a running request on a day, in calendar days."""
    return deadlines.clock_on(due, on, near_days=NEAR_DAYS)
