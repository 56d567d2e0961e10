"""How long contracts hold."""

import calendar
import datetime as dt

_DAY = dt.timedelta(days=1)


def last_day(first: dt.date, months: int) -> dt.date:
    """This will return the last day of a span of so many months from its first day on; a month that
    is too short ends it at its own end."""
    year, month = divmod(first.month - 1 + months, 12)
    year += first.year
    day = min(first.day, calendar.monthrange(year, month + 1)[1])
    return dt.date(year, month + 1, day) - _DAY


def goes_on_until(last: dt.date, *, months: int, notice_days: int, on: dt.date) -> dt.date:
    """This will return the last day of what goes on by so many months, as often as no notice was
    given by the last day for it, which has passed before a day."""
    while last - dt.timedelta(days=notice_days) < on:
        last = last_day(last + _DAY, months)
    return last
