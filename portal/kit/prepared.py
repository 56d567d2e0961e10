"""Reading with statements that the database plans once for each connection.

A statement of many subqueries takes longer to plan than to carry out, where it asks about a few
rows. Asked about few rows now and about many then, it must not be one: the plan would be the same.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection

FEW = 64  # rows that are asked about at once; for more a plan of their own is worth its time


def fetch(sql: str, values: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """This will return all rows that a statement finds with these values, on Django's connection
    and in its transaction."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql, values, prepare=True)
        return cursor.fetchall()


def fetch_about(
    count: int, sql: str, values: Mapping[str, Any] | Sequence[Any]
) -> list[tuple[Any, ...]]:
    """This will do the same for a question about so many rows: prepared where they are few."""
    if count <= FEW:
        return fetch(sql, values)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
