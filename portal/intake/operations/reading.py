"""Reading CSV and XLSX as rows of text, one row in memory at a time."""

import codecs
import csv
import datetime as dt
import hashlib
import io
import itertools
import re
import zipfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import python_calamine
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.intake.operations import unpacking, workbooks
from portal.intake.rules import BadCell, BadText, FileRefused, Reason, reasons

_UTF16 = gettext_lazy(
    "There are zero bytes in the header: the file is UTF-16 without a byte order mark, or damaged."
    " Save it as “CSV UTF-8”."
)

# A row is its number (the line where it begins) and its cells; where they cannot be told apart
# because of a misplaced quotation mark, how many lines were lost in their place; where the row as
# a whole is bad, the reason.
Row = tuple[int, list[str] | int | BadCell]
NO_CELLS = (int, BadCell)

LONG_CELL = Reason(
    "long_cell",
    gettext_lazy(
        "A cell has more than 131,072 characters, or a quotation mark is not closed; lines not"
        " read from here on: {lines}."
    ),
)

_BLOCK = 1 << 20
_MARK = "\ufeff"


@dataclass(frozen=True)
class Layout:
    """How a foreign file is laid out where that cannot be seen: the separator, lines above the
    header, and names for a file without header."""

    separator: str = ""
    skip_lines: int = 0
    names: tuple[str, ...] = ()


AS_IT_COMES = Layout()


@dataclass
class Table:
    """A file opened for reading: its column names, its rows, and what should be told about it."""

    names: list[str]
    rows: Iterator[Row]
    digest: str
    source: Generator[Row, None, None]
    warnings: tuple[str, ...] = ()

    def close(self) -> None:
        """This will close the file, read to the end or not."""
        self.source.close()


def open_table(path: Path, layout: Layout = AS_IT_COMES) -> Table:
    """This will open a CSV (.csv, .txt, .tsv), also packed (.csv.gz, .csv.xz), or an XLSX file.
    Raises FileRefused."""
    is_workbook = path.suffix.lower() == ".xlsx"
    if not is_workbook and unpacking.text_ending(path) not in {".csv", ".txt", ".tsv"}:
        raise FileRefused(
            _("{name}: only .csv and .xlsx files can be read; save the file as one of these.")
            .format(name=path.name)
        )  # fmt: skip
    try:
        if path.stat().st_size == 0:
            raise FileRefused(_("The file is empty."))
        return _open_workbook(path, layout) if is_workbook else _open_text(path, layout)
    except OSError as error:
        raise FileRefused(
            _("The file cannot be read ({reason}). Check its name and who may read it.")
            .format(reason=error.strerror or type(error).__name__)
        ) from error  # fmt: skip


# --- text -----------------------------------------------------------------------------------
@dataclass
class _Inspection:
    encoding: str
    digest: str
    warnings: tuple[str, ...]


class _Trial:
    """Strict decoding of a whole file, block by block, in one encoding."""

    def __init__(self, encoding: str) -> None:
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        self.fits = True
        self.is_ascii = True
        self.has_wide = False

    def feed(self, block: bytes) -> None:
        if not self.fits:
            return
        try:
            text = self._decoder.decode(block)
        except UnicodeDecodeError:
            self.fits = False
            return
        if not text.isascii():
            self.is_ascii = False
            self.has_wide = self.has_wide or max(text) >= "\u0800"


def _inspect(path: Path) -> _Inspection:
    """Decodes the whole file strictly, so that the encoding is known and not guessed."""
    digest, last, first = hashlib.sha256(), b"", b""
    utf8, gb18030 = _Trial("utf-8"), _Trial("gb18030")
    with unpacking.open_bytes(path) as handle:
        while block := handle.read(_BLOCK):
            first = first or block[:4]
            if len(block) == _BLOCK and b"\n" not in block and b"\r" not in block:
                raise FileRefused(_("The file has a line of more than a million characters."))
            digest.update(block)
            utf8.feed(block)
            gb18030.feed(block)
            last = block[-2:]
    warnings: tuple[str, ...] = ()
    if not last.rstrip(b"\0").endswith((b"\n", b"\r")):
        warnings = (_("The last line has no line end: check that the file is complete."),)
    return _Inspection(_encoding_of(first, utf8, gb18030), digest.hexdigest(), warnings)


def _encoding_of(first: bytes, utf8: _Trial, gb18030: _Trial) -> str:
    if first.startswith(b"PK\3\4"):
        raise FileRefused(_("This is a workbook, not text; give its name the ending .xlsx."))
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in first:
        raise FileRefused(str(_UTF16))
    if utf8.fits:
        certain = utf8.is_ascii or utf8.has_wide or first.startswith(codecs.BOM_UTF8)
        # A few Chinese characters in GB18030 are, as bytes, also Greek or Latin ones in UTF-8.
        if certain or not gb18030.fits:
            return "utf-8-sig"
        raise FileRefused(
            _("The file may be UTF-8 or GB18030; save it as “CSV UTF-8” with a byte order mark.")
        )
    if gb18030.fits:
        return "gb18030"
    raise FileRefused(_("The file is neither UTF-8 nor GB18030; save it as “CSV UTF-8”."))


def _open_text(path: Path, layout: Layout) -> Table:
    inspection = _inspect(path)
    # A file cut within a character decodes but for its end; that end becomes the sign of damage.
    handle = io.TextIOWrapper(
        unpacking.open_bytes(path), encoding=inspection.encoding, errors="replace", newline=""
    )
    return _start(_text_rows(handle, layout), inspection.digest, inspection.warnings, layout)


def _text_rows(handle: io.TextIOWrapper, layout: Layout) -> Generator[Row, None, None]:
    with handle:
        before, first = 0, ""
        for first in itertools.islice(handle, layout.skip_lines, None):
            if first.strip():
                break
            before += 1
        # Of GB18030 the mark is not taken away while it is decoded.
        first = first.removeprefix(_MARK)
        lines = itertools.chain([first], handle)
        reader = csv.reader(lines, delimiter=layout.separator or _delimiter_of(first), strict=True)
        yield from _csv_rows(reader, before + layout.skip_lines)


def _csv_rows(reader: Any, before: int) -> Generator[Row, None, None]:
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            lines = reader.line_num - number + 1
            is_long = str(error).startswith("field larger")
            yield before + number, BadCell(LONG_CELL, lines=lines) if is_long else lines
            continue
        if cells is None:
            return
        if any(cells):
            yield before + number, cells


def _delimiter_of(line: str) -> str:
    """The sign that stands most often in the first line that is not blank."""
    return max(",;\t", key=re.sub(r'"[^"]*"', "", line).count)


# --- workbooks ------------------------------------------------------------------------------
def _open_workbook(path: Path, layout: Layout) -> Table:
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(_BLOCK):
            digest.update(block)
    try:
        inspection = workbooks.inspect(path)
        book = python_calamine.load_workbook(path)
        sheet = book.get_sheet_by_index(0)
    except python_calamine.PasswordError as error:
        raise FileRefused(_("The workbook has a password; save it without one.")) from error
    except (zipfile.BadZipFile, python_calamine.CalamineError, EOFError) as error:
        raise FileRefused(
            _("The workbook is damaged or was cut off; save it again or send it again.")
        ) from error
    rows = _sheet_rows(sheet, layout.skip_lines, inspection.failed)
    return _start(rows, digest.hexdigest(), inspection.warnings, layout)


def _sheet_rows(
    sheet: python_calamine.CalamineSheet, skipped: int, failed: dict[int, dict[int, str]]
) -> Generator[Row, None, None]:
    # The reader gives rows from the top, but cells from the first column that holds something.
    first = (sheet.start or (0, 0))[1]
    for number, values in enumerate(sheet.iter_rows(), start=1):
        texts = [cell_text(value) for value in values]
        for column, words in failed.get(number - 1, {}).items():
            # To the reader it is empty, and an empty cell would clear what stands.
            texts[column - first] = BadText(words, reasons.FAILED_FORMULA, error=words)
        if number > skipped and any(texts):
            yield number, texts


def cell_text(value: object) -> str:
    """This will write a typed cell as text: 13812345678.0 as 13812345678, a day as 2026-03-02."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        # A spreadsheet keeps 15 digits: beyond them the number is no longer what was typed.
        return f"{value:.15g}" if abs(value) < 1e15 else f"{value:.5E}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, dt.timedelta):
        return str(value)
    return value.isoformat() if isinstance(value, dt.date | dt.time) else ""


# --- both -----------------------------------------------------------------------------------
def _start(
    source: Generator[Row, None, None], digest: str, warnings: tuple[str, ...], layout: Layout
) -> Table:
    try:
        names = list(layout.names) or _names_of(next(source, (0, []))[1])
        first = next(source, None)
        if first is None:
            raise FileRefused(_("The file has a header but no rows."))
    except FileRefused:
        source.close()
        raise
    return Table(names, itertools.chain([first], source), digest, source, warnings)


def _names_of(header: list[str] | int | BadCell) -> list[str]:
    if not isinstance(header, list):
        raise FileRefused(_("The header cannot be read: a quotation mark is misplaced."))
    if any("\0" in name for name in header):
        raise FileRefused(str(_UTF16))
    names = [name.strip().lower() for name in header]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise FileRefused(_("The file is empty."))
    return names
