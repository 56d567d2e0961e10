"""Weeks from Monday to Sunday, in which the pattern within a week has no part any more."""

import datetime as dt

WEEK = dt.timedelta(days=7)
# Two years: each time of the year was seen twice.
WEEKS = 104


def as_of(on: dt.date) -> dt.date:
    """This will return the Monday up to which a day knows whole weeks: the one on or before it."""
    return on - dt.timedelta(days=on.weekday())


def first_monday(end: dt.date, weeks: int = WEEKS) -> dt.date:
    """This will return the Monday that begins the last `weeks` weeks before the Monday `end`."""
    return end - weeks * WEEK
