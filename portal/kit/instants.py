"""Instants that come by the thousand, read as whole numbers: psycopg, which is Python here, takes
ten times as long to read them as text."""

import datetime as dt
import functools

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def sql(instant: str) -> str:
    """This will return the expression for an instant, which is exact, that `read` reads."""
    return f"(extract(epoch FROM {instant}) * 1000000)::bigint"


@functools.lru_cache(maxsize=4096)
def read(microseconds: int | None) -> dt.datetime | None:
    """This will read an instant. Of a batch many are the same."""
    return None if microseconds is None else _EPOCH + dt.timedelta(microseconds=microseconds)
