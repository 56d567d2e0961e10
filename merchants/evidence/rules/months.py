"""Whole months, by their first days."""

import datetime as dt


def first_of(on: dt.date, before: int) -> dt.date:
    """This will return the first day of the month that lies so many months before that of a
    day."""
    count = on.year * 12 + on.month - 1 - before
    return dt.date(count // 12, count % 12 + 1, 1)


def whole_before(on: dt.date, count: int) -> list[dt.date]:
    """This will return the first days of the last `count` months that were over before a day, in
    their order."""
    return [first_of(on, before) for before in range(count, 0, -1)]
