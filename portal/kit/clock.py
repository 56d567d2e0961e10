"""The bank's clock: the only place that reads the time; called by views, tasks and commands."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone


def now() -> dt.datetime:
    """This will return the present instant, aware, in UTC."""
    return timezone.now()


def bank_time(at: dt.datetime) -> dt.datetime:
    """This will return the aware instant `at` as the bank's clock shows it."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE))


def bank_day(at: dt.datetime) -> dt.date:
    """This will return the bank's calendar day on which the aware instant `at` falls."""
    return bank_time(at).date()


def today() -> dt.date:
    """This will return the bank's present day."""
    return bank_day(now())


def start_of(day: dt.date) -> dt.datetime:
    """This will return the first instant of the bank's day `day`, aware."""
    return dt.datetime.combine(day, dt.time(), tzinfo=ZoneInfo(settings.TIME_ZONE))


def at_time(day: dt.date, time: dt.time) -> dt.datetime:
    """This will return the instant of a time of the bank's day `day`, aware."""
    return dt.datetime.combine(day, time, tzinfo=ZoneInfo(settings.TIME_ZONE))


def instant_of(text: str) -> dt.datetime:
    """This will read an instant; without an offset it is one of the bank's clock. Raises
    ValueError."""
    value = dt.datetime.fromisoformat(text)
    return value if value.tzinfo else value.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
