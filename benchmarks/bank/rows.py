"""Writing many rows by SQL: what a model needs besides, and indexes made afterwards."""

import contextlib
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection, models
from psycopg import sql

SETTINGS = {
    # Triggers and foreign keys sleep: the rows are right by the way they are made.
    "session_replication_role": "replica",
    "maintenance_work_mem": "512MB",
    "work_mem": "256MB",
    "synchronous_commit": "off",
    "max_parallel_maintenance_workers": "2",
    "jit": "off",
}
_LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
_NEUTRAL = {
    "BooleanField": False, "DateField": _LONG_AGO.date(), "DateTimeField": _LONG_AGO,
    "TimeField": _LONG_AGO.time(),
}  # fmt: skip
FUNCTIONS = r"""
CREATE FUNCTION pg_temp.dice(n bigint, salt int, sides int) RETURNS int IMMUTABLE LANGUAGE sql
    AS 'SELECT ((hashint8extended(n, salt) & 2147483647) % sides)::int';
CREATE FUNCTION pg_temp.bell(n bigint, salt int) RETURNS float8 IMMUTABLE LANGUAGE sql AS
    'SELECT sqrt(-2 * ln((1 + (hashint8extended(n, salt) & 1073741823)) / 1073741825.0::float8))
        * cos(2 * pi() * (hashint8extended(n, -salt) & 1073741823) / 1073741824.0::float8)';
CREATE FUNCTION pg_temp.phone(n bigint) RETURNS text IMMUTABLE LANGUAGE sql AS
    $$SELECT '13' || lpad((n * 7919 % 1000000000)::text, 9, '0')$$;
CREATE FUNCTION pg_temp.fingerprint(n bigint, field text) RETURNS bytea IMMUTABLE LANGUAGE sql AS
    $$SELECT decode(md5(field || n), 'hex')$$;
"""


def insert(cursor: Any, model: type[models.Model], columns: dict[str, str], source: str) -> int:
    """This will insert columns by their SQL, with what the model needs besides; how many rows."""
    columns = columns | dict(_neutral(model, columns))
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)})"
        f" SELECT {', '.join(columns.values())} {source}"
    )
    return int(cursor.rowcount)


def _neutral(model: type[models.Model], named: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yields the columns that must not be NULL with what stands in them where nobody says."""
    for field in model._meta.concrete_fields:
        is_filled = field.null or field.primary_key or field.generated or field.has_db_default()
        if is_filled or field.column in named:
            continue
        value = field.get_default()
        if value is None:
            value = _NEUTRAL.get(field.get_internal_type(), 0)
        written = field.get_db_prep_save(value, connection)
        yield str(field.column), sql.Literal(written).as_string(connection.connection)


@contextlib.contextmanager
def without_indexes(cursor: Any, model: type[models.Model]) -> Iterator[None]:
    """This will drop all indexes but the primary key, and make them again at the end."""
    table = model._meta.db_table
    cursor.execute(
        """SELECT coalesce(quote_ident(c.conname), ''), i.indexrelid::regclass::text,
               pg_get_indexdef(i.indexrelid), coalesce(pg_get_constraintdef(c.oid), '')
           FROM pg_index i LEFT JOIN pg_constraint c
               ON c.conindid = i.indexrelid AND c.conrelid = i.indrelid AND c.contype = 'u'
           WHERE i.indrelid = %s::regclass AND NOT i.indisprimary ORDER BY i.indexrelid""",
        [table],
    )
    indexes = cursor.fetchall()
    for constraint, index, _text, _definition in indexes:
        what = f"ALTER TABLE {table} DROP CONSTRAINT {constraint}" if constraint else ""
        cursor.execute(what or f"DROP INDEX {index}")
    yield
    for constraint, _index, text, definition in indexes:
        what = f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {definition}" if constraint else ""
        cursor.execute(what or text)
    cursor.execute(f"ANALYZE {table}")


def words(name: str, text: str, *columns: str) -> str:
    """This will write a list of pairs as a common table `name` with an array for each column."""
    pairs = [pair.split() for pair in text.split(",")]
    arrays = [
        f"ARRAY[{', '.join(repr(pair[place]) for pair in pairs)}] AS {column}"
        for place, column in enumerate(columns)
    ]
    return f"{name} AS (SELECT {', '.join(arrays)}, {len(pairs)} AS size)"
