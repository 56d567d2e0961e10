"""Parsing rows of text into the staging table, and the bad ones beside it."""

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.intake.operations.reading import NO_CELLS, Row
from portal.intake.rules import BadCell, BadText, Column, ImportKind, Reason, cells, reasons
from portal.kit import masking

CUT_OFF = Reason(
    "cut_off", _("The row has {found} of {width} columns; the file may be cut off here.")
)
TOO_MANY_CELLS = Reason("too_many_cells", _("The row has more cells than the header has names."))
UNREADABLE = Reason(
    "unreadable",
    _("A quotation mark is misplaced or not closed; lines not read from here on: {lines}."),
)

# Rows without a bad cell, and what can be read of the others.
STAGED, PARTIAL = "intake_staging", "intake_partial"
# Rows that were left out, where their kind asks for them.
OLDER = "intake_older"

_BATCH = 5_000
_REMEMBERED = 20_000
_LONGEST_SHOWN = 80
_LONGEST_LOOKED_AT = 1_000
_CONTROL = re.compile("[\x00-\x1f\x7f]")


class Reader(dict[str | None, str]):
    """A column's cells by their text, ready for COPY; a text met before costs one look-up."""

    def __init__(self, column: Column, latest: str) -> None:
        super().__init__()
        self.column = column
        self._latest = latest
        self._room = 0 if column.mask else _REMEMBERED

    def __missing__(self, text: str | None) -> str:
        value = self.parse(text)
        column = self.column
        staged = column.expand(value) if column.expand else (value,)
        line = "\t".join(map(copy_text, staged))
        if self._room:
            self._room -= 1
            self[text] = line
        return line

    def parse(self, text: str | None) -> str | None:
        """This will return a cell's value as PostgreSQL reads it, None for nothing. Raises
        BadCell."""
        if isinstance(text, BadText):
            raise text.bad
        column, text = self.column, (text or "").strip()
        if not text:
            if column.is_needed:
                raise BadCell(reasons.MISSING)
            return column.default or None
        cells.refuse_failed(text)
        if cells.is_formula(text, is_signed=column.cell.is_signed):
            raise BadCell(reasons.FORMULA)
        value = column.cell.parse(text)
        if column.cell.sql_type == "date" and value > self._latest:
            raise BadCell(reasons.TOO_LATE, latest=self._latest)
        return value


def copy_text(value: str | bytes | None) -> str:
    """This will write a value as COPY reads it."""
    if value is None:
        return r"\N"
    if isinstance(value, bytes):
        return r"\\x" + value.hex()
    return value.replace("\\", r"\\") if "\\" in value else value


def make_tables(cursor: Any, kind: ImportKind) -> None:
    """This will make the empty staging tables of one import, gone with its transaction."""
    staged = ", ".join(
        f"{name} {kind_}" for column in kind.columns for name, kind_ in column.staged
    )
    as_of = ", as_of timestamptz" if kind.history else ""
    # An import before this one in the same transaction leaves its tables behind.
    drop_tables(cursor)
    cursor.execute(
        f"CREATE TEMP TABLE intake_staging (row_number bigint, {staged}{as_of}) ON COMMIT DROP"
    )
    if kind.older:
        cursor.execute(f"CREATE TEMP TABLE {OLDER} (LIKE {STAGED}) ON COMMIT DROP")
    cursor.execute(
        "CREATE TEMP TABLE intake_bad (row_number bigint, position int, column_name text,"
        " value text, code text, reason text, params jsonb) ON COMMIT DROP"
    )


def drop_tables(cursor: Any) -> None:
    """This will take the staging tables away."""
    tables = ", ".join(f"pg_temp.{name}" for name in (STAGED, PARTIAL, OLDER, "intake_bad"))
    cursor.execute(f"DROP TABLE IF EXISTS {tables}")


class Stager:
    """One import's way from rows of text into the staging tables.

    Of a row with bad cells the others are staged apart, with the names of the bad ones: so all
    that can be told of the row is told at once.
    """

    def __init__(
        self, cursor: Any, kind: ImportKind, names: list[str], latest: Callable[[Column], str]
    ) -> None:
        self._cursor = cursor
        present = [kind.column(name) for name in names]
        absent = [column for column in kind.columns if column.name not in names]
        self.readers = [Reader(column, latest(column)) for column in present]
        self._order = {name: position for position, name in enumerate(kind.names)}
        # What the file does not say is the same in every row.
        missing = [Reader(column, latest(column))[""] for column in absent]
        self._ending = "".join(f"\t{text}" for text in missing) + "\n"
        staged = [name for column in present + absent for name, _type in column.staged]
        columns = ", ".join(["row_number", *staged])
        self._good_copy = f"COPY {STAGED} ({columns}) FROM STDIN"
        self._partial_copy = f"COPY {PARTIAL} (unread, {columns}) FROM STDIN"
        self.rows_read = 0
        self.has_partial = False

    def stage(self, rows: Iterable[Row], progress: Callable[[int], None]) -> None:
        """This will stage all rows, calling `progress` with the rows read so far."""
        readers, ending, width = self.readers, self._ending, len(self.readers)
        good: list[str] = []
        partial: list[str] = []
        bad: list[str] = []
        read = 0
        for number, texts in rows:
            read += 1
            try:
                if isinstance(texts, NO_CELLS) or len(texts) != width:
                    texts = fit(texts, width)
                line = "\t".join([reader[text] for reader, text in zip(readers, texts)])  # noqa: B905
                good.append(f"{number}\t{line}{ending}")
            except BadCell as refused:
                self._explain(number, texts, refused, bad, partial)
            if read % _BATCH == 0:
                self._flush(good, partial, bad)
                progress(read)
        self._flush(good, partial, bad)
        progress(read)
        self.rows_read = read

    def _flush(self, good: list[str], partial: list[str], bad: list[str]) -> None:
        if partial and not self.has_partial:
            self.has_partial = True
            self._cursor.execute(
                f"CREATE TEMP TABLE {PARTIAL} (LIKE {STAGED}, unread text[]) ON COMMIT DROP"
            )
        copies = (self._good_copy, self._partial_copy, "COPY intake_bad FROM STDIN")
        for statement, lines in zip(copies, (good, partial, bad), strict=True):
            if lines:
                with self._cursor.copy(statement) as copy:
                    copy.write("".join(lines))
                lines.clear()

    def _explain(
        self, number: int, texts: list[str] | int | BadCell, refused: BadCell, bad: list[str],
        partial: list[str],
    ) -> None:  # fmt: skip
        """Every bad cell of a row, not only the first; and the row without them."""
        if isinstance(texts, NO_CELLS) or len(texts) != len(self.readers):
            bad.append(_bad_line(number, 0, "", "", refused))
            return
        staged: list[str] = []
        unread: list[str] = []
        for reader, text in zip(self.readers, texts, strict=True):
            column = reader.column
            try:
                staged.append(reader[text])
            except BadCell as found:
                staged += [r"\N"] * len(column.staged)
                unread.append(column.name)
                shown = column.mask(text.strip()) if column.mask and text else text
                position = self._order[column.name]
                bad.append(_bad_line(number, position, column.name, shown or "", found))
        partial.append("\t".join([f"{{{','.join(unread)}}}", str(number), *staged]) + self._ending)


def fit(texts: list[str] | int | BadCell, width: int) -> list[str]:
    """This will cut empty cells beyond the header; anything else about the width is bad. Raises
    BadCell."""
    if isinstance(texts, BadCell):
        raise texts
    if isinstance(texts, int):
        raise BadCell(UNREADABLE, lines=texts)
    if len(texts) < width:
        raise BadCell(CUT_OFF, found=len(texts), width=width)
    if any(text.strip() for text in texts[width:]):
        raise BadCell(TOO_MANY_CELLS)
    return texts[:width]


def _bad_line(number: int, position: int, column: str, value: str, bad: BadCell) -> str:
    # A number that is cut off is not found any more.
    shown = masking.mask_text(_CONTROL.sub(" ", value[:_LONGEST_LOOKED_AT]))[:_LONGEST_SHOWN]
    told = {name: _CONTROL.sub(" ", str(value)) for name, value in bad.params.items()}
    params = json.dumps(told, ensure_ascii=False)
    values = [column, shown, bad.reason.code, str(bad.reason.text), params]
    return f"{number}\t{position}\t" + "\t".join(map(copy_text, values)) + "\n"
