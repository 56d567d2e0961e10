"""Instants that come by the thousand, read as whole numbers: psycopg, which is Python here, takes
ten times as long to read them as text."""

import datetime as dt
import functools

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def sql(instant: str) -> str:
    """This will return the expression for an instant, which is exact, that `read` reads."""
    return f"(extract(epoch FROM {instant}) * 1000000)::bigint"


def read(microseconds: int | None) -> dt.datetime | None:
    """This will read an instant, or that there is none."""
    return None if microseconds is None else instant_of(microseconds)


@functools.lru_cache(maxsize=4096)
def instant_of(microseconds: int) -> dt.datetime:
    """This will read an instant that is there. Of a batch many are the same."""
    return _EPOCH + dt.timedelta(microseconds=microseconds)
