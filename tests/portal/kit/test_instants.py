"""Instants that are read as whole numbers are those that the database holds, to the microsecond."""

import datetime as dt

import pytest
from django.db import connection

from portal.kit import instants

UTC = dt.UTC


@pytest.mark.django_db
@pytest.mark.parametrize("instant", [
    dt.datetime(2026, 6, 1, 2, 0, tzinfo=UTC), dt.datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC),
    dt.datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC), dt.datetime(1, 1, 2, 0, 0, 0, 1, UTC),
    dt.datetime(2026, 3, 29, 3, 0, 0, 123_457, dt.timezone(dt.timedelta(hours=8))), None,
])  # fmt: skip
def test_an_instant_is_read_exactly(instant: dt.datetime | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {instants.sql('%s::timestamptz')}", [instant])
        assert instants.read(cursor.fetchone()[0]) == instant
