"""What makes writing a whole bank fast: statistics in time, and foreign keys of big tables checked
all at once.

Row by row at the commit, the keys of a million rows cost as much as writing them did; a key that is
made anew is checked by one join over the whole table, and what it promises is the same.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

_KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]) ORDER BY 1, 2
"""


@contextmanager
def checked_together(tables: Sequence[str]) -> Iterator[None]:
    """This will check the foreign keys of these tables once, when all rows of the transaction are
    written; others wait for the tables until it ends."""
    with connection.cursor() as cursor:
        # A table that something waits to be checked of is not altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(_KEYS, [list(tables)])
        keys = cursor.fetchall()
        _alter(cursor, [(table, f"DROP CONSTRAINT {name}") for table, name, _words in keys])
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _alter(cursor, [(table, f"ADD CONSTRAINT {name} {words}") for table, name, words in keys])
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _alter(cursor: Any, changes: list[tuple[str, str]]) -> None:
    for table, of_table in groupby(changes, key=itemgetter(0)):
        cursor.execute(f"ALTER TABLE {table} {', '.join(change for _table, change in of_table)}")


def analyze(*tables: str) -> None:
    """This will tell the planner what was written, in these tables or in all."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")
