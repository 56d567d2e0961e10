"""The limit of approval."""

import datetime as dt

from journeys.cards.enums import Clock

APPROVAL_DAYS = 20  # from application to issue: the bank's own target
NEAR_DAYS = 5  # an application surfaces this many days before the limit


def days_waiting(filed: dt.date, on: dt.date) -> int:
    """This will count the days since an application was filed."""
    return (on - filed).days


def is_over_limit(filed: dt.date, on: dt.date) -> bool:
    """This will tell whether an application can no longer be issued within the limit."""
    return days_waiting(filed, on) > APPROVAL_DAYS


def clock_of(filed: dt.date, on: dt.date) -> Clock:
    """This will tell where an open application stands against the limit."""
    if is_over_limit(filed, on):
        return Clock.OVER
    near = days_waiting(filed, on) >= APPROVAL_DAYS - NEAR_DAYS
    return Clock.NEAR if near else Clock.WITHIN


def filed_between(clock: str, on: dt.date) -> tuple[dt.date, dt.date]:
    """This will return the days, from and to before, on which applications were filed that stand
    so against the limit on the day `on`."""
    near = on - dt.timedelta(days=APPROVAL_DAYS - NEAR_DAYS - 1)
    over = on - dt.timedelta(days=APPROVAL_DAYS)
    spans = {
        Clock.OVER.value: (dt.date.min, over),
        Clock.NEAR.value: (over, near),
        Clock.WITHIN.value: (near, dt.date.max),
    }
    return spans[clock]
