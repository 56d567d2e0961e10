"""The change of keys: what older keys sealed is sealed anew by the key in use, table by table.

A batch is read without a lock, sealed anew in memory, and written by one statement that compares
each row with what was read and leaves out rows that somebody else holds: it never waits for an
import or a sender, and never overwrites what came in meanwhile. What is done is done; an
interrupted run is begun again and passes over it.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from portal.kit import sealed
from portal.kit.fields import SealedField, SealedTable

BATCH = 1_000
# How often the rows are gone through that others held or changed meanwhile.
_PASSES = 3

Row = tuple[Any, ...]
Progress = Callable[[int, int], None]


@dataclass
class Outcome:
    """What came of a table: rows sealed anew; rows left, because others held them; the keys of
    rows that do not open."""

    done: int = 0
    left: int = 0
    broken: set[int] = field(default_factory=set)


def _is_old(column: SealedField) -> str:
    """SQL that is true where the value or its index is of another key than the one in use."""
    key = f"'\\x{sealed.key_in_use():02x}'::bytea"
    conditions = [f"substring({column.column} FROM 1 FOR 1) <> {key}"]
    if column.index_column:
        conditions.append(f"{_index_key(column.index_column)} <> {sealed.index_key_in_use()}")
    return f"({column.column} IS NOT NULL AND ({' OR '.join(conditions)}))"


def _index_key(column: str) -> str:
    """SQL for the id of the key that made an index."""
    return (
        f"CASE octet_length({column}) WHEN {sealed.INDEX_BYTES} THEN {sealed.FIRST_INDEX_KEY}"
        f" WHEN {sealed.INDEX_BYTES + 1} THEN get_byte({column}, 0) ELSE 0 END"
    )


def count_by_key(table: SealedTable) -> dict[str, dict[int, int]]:
    """This will count the rows of each sealed column, and of each index, by the id of their key;
    0 stands for what no key can have made."""
    counted = {}
    with connection.cursor() as cursor:
        for column in table.columns:
            sealing_key = (
                f"CASE octet_length({column.column}) WHEN 0 THEN 0"
                f" ELSE get_byte({column.column}, 0) END"
            )
            faces = {str(column.column): sealing_key}
            if column.index_column:
                faces[column.index_column] = _index_key(column.index_column)
            for name, key in faces.items():
                cursor.execute(
                    f"SELECT {key}, count(*) FROM {table.name} WHERE {name} IS NOT NULL"
                    " GROUP BY 1 ORDER BY 1"
                )
                counted[name] = dict(cursor.fetchall())
    return counted


def rotate(
    table: SealedTable, *, progress: Progress = lambda _last, _done: None, batch: int = BATCH
) -> Outcome:
    """This will seal anew, and index anew, every value of a table that an older key made.

    `progress` hears the last key of each batch and how many rows are done so far. Safe to stop at
    any moment and to repeat.
    """
    outcome = Outcome()
    for _pass in range(_PASSES):
        outcome.left = 0
        for rows in _batches(table, batch):
            _part_doubles(table, [row[0] for row in rows])
            fresh = [made for row in rows if (made := _sealed_anew(table, row, outcome))]
            written = _write(table, fresh) if fresh else 0
            outcome.done += written
            outcome.left += len(fresh) - written
            progress(rows[-1][0], outcome.done)
        if not outcome.left:
            break
    return outcome


def _batches(table: SealedTable, size: int) -> Iterator[list[Row]]:
    """Rows with their sealed values and indexes, in the order of their keys."""
    names = ", ".join(_columns(table))
    old = " OR ".join(map(_is_old, table.columns))
    last = -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {table.key}, {names} FROM {table.name} WHERE {table.key} > %s AND ({old})"
                f" ORDER BY {table.key} LIMIT %s",
                [last, size],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def _part_doubles(table: SealedTable, keys: Sequence[int]) -> None:
    """Where a value may stand but once, and stands in several rows because each was indexed by
    another key, the oldest row keeps it, and the younger ones lose it."""
    for column in table.columns:
        if not column.once:
            continue
        name, index = column.column, column.index_column
        same = f"{index} = ANY(%(indexes)s) AND ({column.once})"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {name} FROM {table.name} WHERE {table.key} = ANY(%s)"
                f" AND {name} IS NOT NULL AND ({column.once})",
                [list(keys)],
            )
            for (value,) in cursor.fetchall():
                with contextlib.suppress(sealed.SealBroken):
                    text = sealed.unseal(value, column.seal)
                    cursor.execute(
                        f"UPDATE {table.name} SET {name} = NULL, {index} = NULL WHERE {same} AND"
                        f" {table.key} > (SELECT min({table.key}) FROM {table.name} WHERE {same})",
                        {"indexes": sealed.blind_indexes(text, column.index)},
                    )


def _columns(table: SealedTable) -> list[str]:
    names: list[str] = []
    for column in table.columns:
        names += [str(column.column), *([column.index_column] if column.index_column else [])]
    return names


def _sealed_anew(table: SealedTable, row: Row, outcome: Outcome) -> Row | None:
    """The row's key, its new values, and the old sealed ones to compare with; None where a value
    does not open: nothing of such a row is touched."""
    key, values = row[0], iter(row[1:])
    fresh: list[bytes | None] = []
    before: list[bytes | None] = []
    for column in table.columns:
        old = next(values)
        index = next(values) if column.index_column else None
        before.append(old)
        try:
            new, new_index = _renewed(column, old, index)
        except sealed.SealBroken:
            outcome.broken.add(key)
            return None
        fresh += [new, *([new_index] if column.index_column else [])]
    return key, *fresh, *before


def _renewed(
    column: SealedField, old: bytes | None, index: bytes | None
) -> tuple[bytes | None, bytes | None]:
    if old is None:
        return None, index
    text = sealed.unseal(old, column.seal)
    is_current = bytes(old[:1])[0] == sealed.key_in_use()
    new = bytes(old) if is_current else sealed.seal(text, column.seal)
    return new, sealed.blind_index(text, column.index) if column.index else None


def _write(table: SealedTable, rows: Sequence[Row]) -> int:
    """Writes the rows that still hold what was read and that nobody else has; says how many."""
    names = _columns(table)
    before = [f"old_{column.column}" for column in table.columns]
    given = ", ".join(["%s::bigint[]", *["%s::bytea[]"] * (len(names) + len(before))])
    sets = ", ".join(f"{name} = fresh.{name}" for name in names)
    same = " AND ".join(
        f"t.{column.column} IS NOT DISTINCT FROM fresh.{old}"
        for column, old in zip(table.columns, before, strict=True)
    )
    key = table.key
    statement = f"""
        WITH fresh AS MATERIALIZED (
            SELECT * FROM unnest({given}) AS made({", ".join([key, *names, *before])})
        ), free AS MATERIALIZED (
            SELECT t.{key} FROM {table.name} t JOIN fresh ON fresh.{key} = t.{key}
             WHERE {same} ORDER BY t.{key} FOR NO KEY UPDATE OF t SKIP LOCKED
        )
        UPDATE {table.name} t SET {sets} FROM fresh JOIN free ON free.{key} = fresh.{key}
         WHERE t.{key} = fresh.{key} AND {same}
    """
    with connection.cursor() as cursor:
        keys, *values = zip(*rows, strict=True)
        cursor.execute(statement, [list(keys), *map(_array, values)])
        return cursor.rowcount


def _array(values: Sequence[bytes | None]) -> str:
    """An array of bytea as PostgreSQL writes it: the driver's own way takes twice as long as the
    sealing itself."""
    return "{" + ",".join("NULL" if v is None else f'"\\\\x{v.hex()}"' for v in values) + "}"
