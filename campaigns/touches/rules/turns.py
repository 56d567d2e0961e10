"""At which minutes calls are asked about in turn."""

import datetime as dt

_MINUTE = dt.timedelta(minutes=1)
# So far apart the clocks of two that sweep may be; what was noted for later than that is not
# believed: somebody's clock was wrong.
AHEAD = dt.timedelta(minutes=5)
_IN_AN_HOUR = 60


def minutes_to_ask(asked_until: dt.datetime | None, at: dt.datetime) -> list[dt.datetime]:
    """This will list the minutes whose calls are to be asked about at `at`, in their order: those
    since the last one asked about, and no more than the last sixty, which are all calls."""
    this = at.replace(second=0, microsecond=0)
    number = _IN_AN_HOUR
    if asked_until is not None and asked_until <= at + AHEAD:
        number = min(max((this - asked_until) // _MINUTE, 0), _IN_AN_HOUR)
    return [this - back * _MINUTE for back in range(number - 1, -1, -1)]
