"""From the staging table into the table of facts, set by set."""

from collections.abc import Generator
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.intake.operations.histories import (
    INSTANTS,
    drop_earlier,
    heard_at_kept,
    taken,
    value_kept,
)
from portal.intake.operations.staging import OLDER, PARTIAL
from portal.intake.rules import Check, FileRefused, ImportKind, Reason

REPEATED = Reason("repeated", gettext_lazy("The key stands already in row {first} of this file."))


def check_rows(cursor: Any, kind: ImportKind, names: list[str]) -> int:
    """This will move the staged rows that fail a check to the bad ones, with every reason. Where a
    file tells of several states of one row, the latest that passes stays; returned is how many
    earlier ones were left out."""
    checks, earlier = [check for check in kind.checks if check.is_due(names)], 0
    if kind.history is not None and "as_of" in names:
        _take_out_bad(cursor, kind, checks)
        checks, earlier = [], drop_earlier(cursor, kind)
    _take_out_bad(cursor, kind, [_repeated(kind), *checks])
    return earlier


def _take_out_bad(cursor: Any, kind: ImportKind, checks: list[Check]) -> bool:
    """Whether there were any."""
    if not sum(_note_bad(cursor, kind, check, check.sql) for check in checks):
        return False
    cursor.execute(
        "DELETE FROM intake_staging s USING intake_bad b WHERE b.row_number = s.row_number"
    )
    return True


def check_partial_rows(cursor: Any, kind: ImportKind, names: list[str]) -> None:
    """This will tell of rows with bad cells which checks they fail besides: those that look at
    none of these cells. A file may tell of several states of one row."""
    repeated = () if "as_of" in names else (_repeated_partial(kind),)
    for check in (*repeated, *kind.checks):
        if check.is_due(names):
            sql = (
                f"SELECT found.* FROM ({check.over(PARTIAL)}) found"
                f" JOIN {PARTIAL} p USING (row_number)"
                f" WHERE NOT p.unread && '{{{','.join(check.names_of(kind.columns))}}}'::text[]"
            )
            _note_bad(cursor, kind, check, sql)


def _note_bad(cursor: Any, kind: ImportKind, check: Check, found: str) -> int:
    """Writes down the rows that a check found, and returns how many they are."""
    sql = found.replace("%", "%%")
    cursor.execute(
        "INSERT INTO intake_bad SELECT row_number, %s, %s, left(value::text, 80), %s, %s,"
        f" to_jsonb(found) - 'row_number' - 'value' FROM ({sql}) found",
        [
            kind.names.index(check.column), check.column, check.reason.code,
            str(check.reason.text),
        ],
    )  # fmt: skip
    return int(cursor.rowcount)


def _repeated(kind: ImportKind) -> Check:
    sql = (
        f"SELECT s.row_number, s.{kind.key} AS value, f.first FROM intake_staging s JOIN ("
        f"SELECT {kind.whole_key}, min(row_number) AS first FROM intake_staging"
        f" GROUP BY {kind.whole_key} HAVING count(*) > 1) f USING ({kind.whole_key})"
        " WHERE s.row_number > f.first"
    )
    return Check(kind.key, REPEATED, sql)


def _repeated_partial(kind: ImportKind) -> Check:
    """The same for rows with bad cells, whose key may stand in a good row or in another bad one."""
    key = kind.whole_key
    sql = (
        f"SELECT s.row_number, s.{kind.key} AS value, f.first FROM intake_staging s JOIN ("
        f"SELECT {key}, min(row_number) AS first FROM (SELECT {key}, row_number"
        f" FROM intake_staging UNION ALL SELECT {key}, row_number FROM {PARTIAL}) every_row"
        f" GROUP BY {key}) f USING ({key}) WHERE s.row_number > f.first"
    )
    return Check(kind.key, REPEATED, sql)


def write_rows(
    cursor: Any, kind: ImportKind, names: list[str], *, corrects: bool, is_again: bool = False
) -> tuple[int, int]:
    """This will upsert the staged rows and return how many were new and how many changed.

    A row that is the same already is not written again; one that only still holds at a later
    instant counts as the same. Rows that came before, word for word, take back nothing that came
    since. Raises FileRefused where a row that
    passed the checks finds no longer what it names: it would be lost without a word.
    """
    for statement in kind.before:
        cursor.execute(statement)
    again = [check for check in kind.checks if check.is_of_locked and check.is_due(names)]
    # What is taken out stays as it was, which may stand against others.
    while _take_out_bad(cursor, kind, again):
        pass
    cursor.execute(_upsert(kind, names, corrects=corrects, is_again=is_again))
    new, changed, staged, reached = cursor.fetchone()
    if reached != staged:
        raise FileRefused(
            _(
                "What {number} of the rows name changed while the file was read. Nothing was taken "
                "in; import the file again."
            ).format(number=staged - reached)
        )
    _tell_older(cursor, kind, names)
    for statement in kind.after:
        cursor.execute(statement)
    return new, changed


def _tell_older(cursor: Any, kind: ImportKind, names: list[str]) -> None:
    """What older rows say besides, for kinds that ask; a row that fails a check says nothing."""
    statements = [statement for column, statement in kind.older if column in names]
    for check in kind.checks if statements else ():
        if check.is_due(names):
            cursor.execute(
                f"DELETE FROM {OLDER} o USING ({check.over(OLDER)}) found"
                " WHERE found.row_number = o.row_number"
            )
    for statement in statements:
        cursor.execute(statement)


def _upsert(kind: ImportKind, names: list[str], *, corrects: bool, is_again: bool) -> str:
    written = [
        target
        for target in kind.targets
        if target.column != kind.key
        and not target.is_of_new
        and (not target.of or target.of in names)
    ]
    values = {
        target.column: value_kept(kind, target.column, corrects=corrects) for target in written
    }
    compared = [target.column for target in written if not target.same_by]
    said = [column for column in compared if kind.history is None or column not in INSTANTS]
    if kind.history is not None:
        values["heard_at"] = heard_at_kept(_row("t", said), _list(values, said))
    sets = ", ".join(
        f"{target.column} = CASE WHEN {_row('t', target.same_by.split())} IS NOT DISTINCT FROM"
        f" {_row('excluded', target.same_by.split())} THEN t.{target.column}"
        f" ELSE excluded.{target.column} END"
        if target.same_by
        else f"{target.column} = {values[target.column]}"
        for target in written
    )
    return (
        f"WITH written AS (INSERT INTO {kind.table} AS t"
        f" ({', '.join(target.column for target in kind.targets)})"
        f" SELECT {', '.join(target.value for target in kind.targets)}"
        f" FROM intake_staging s {kind.joins}{' ORDER BY s.row_number' if kind.in_order else ''}"
        f" ON CONFLICT ({kind.whole_key}) DO UPDATE SET {sets}"
        f" WHERE {_row('t', compared)} IS DISTINCT FROM {_list(values, compared)}"
        f" AND {taken(kind, is_again=is_again)}"
        # PostgreSQL leaves xmax at 0 for an inserted row and sets it for an updated one.
        f" RETURNING t.xmax = 0 AS is_new, {_row('old', said)} IS DISTINCT FROM"
        f" {_row('new', said)} AS is_changed)"
        " SELECT count(*) FILTER (WHERE is_new),"
        " count(*) FILTER (WHERE NOT is_new AND is_changed),"
        " (SELECT count(*) FROM intake_staging),"
        f" (SELECT count(*) FROM intake_staging s {kind.joins}) FROM written"
    )


def _row(name: str, columns: list[str]) -> str:
    return f"({', '.join(f'{name}.{column}' for column in columns)})"


def _list(values: dict[str, str], columns: list[str]) -> str:
    return f"({', '.join(values[column] for column in columns)})"


def count_bad(cursor: Any) -> tuple[int, dict[str, int]]:
    """This will return how many rows are bad, and how many cells by the code of the reason."""
    cursor.execute("SELECT count(DISTINCT row_number) FROM intake_bad")
    rows = cursor.fetchone()[0]
    cursor.execute("SELECT code, count(*) FROM intake_bad GROUP BY code ORDER BY code")
    return rows, dict(cursor.fetchall())


def bad_cells() -> Generator[tuple[int, str, str, str, str], None, None]:
    """This will yield row number, column, value, reason and the JSON that fills the reason's gaps,
    for every bad cell, in order."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT row_number, column_name, coalesce(value, ''), reason, params::text"
            " FROM intake_bad ORDER BY row_number, position"
        )
        while found := cursor.fetchmany(1_000):
            yield from found
