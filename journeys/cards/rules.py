"""The limit of approval."""

import datetime as dt

APPROVAL_DAYS = 20  # from application to issue: the bank's own target
NEAR_DAYS = 5  # an application surfaces this many days before the limit


def days_waiting(filed: dt.date, on: dt.date) -> int:
    """This will count the days since an application was filed."""
    return (on - filed).days


def is_over_limit(filed: dt.date, on: dt.date) -> bool:
    """This will tell whether an application can no longer be issued within the limit."""
    return days_waiting(filed, on) > APPROVAL_DAYS
