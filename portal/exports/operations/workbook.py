"""The workbook of an export: a sheet that says what it is, then the rows, marked throughout."""

import datetime as dt
import numbers
import re
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from portal.exports.rules import spelled
from portal.kit import clock
from portal.kit.registry import Exportable, Exported
from portal.staff.models import Staff

_MARK_COLOUR = "#b8b8b8"
_LONGEST_NAME = 31  # of a sheet
_LONGEST_PAGE_TEXT = 60  # of each third of a header, which holds 255 signs
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")


class Full(Exception):
    """Raised at the first row beyond the limit."""


@dataclass(frozen=True)
class Cover:
    """What a file says about itself."""

    code: str
    kind: Exportable
    staff: Staff
    at: dt.datetime
    reason: str

    @property
    def mark(self) -> str:
        return spelled(self.code)

    @property
    def time(self) -> str:
        """The bank's time at which it was made."""
        return f"{clock.bank_time(self.at):%Y-%m-%d %H:%M}"

    @property
    def person(self) -> str:
        return f"{self.staff.label} ({self.staff.username})"


def write(file: IO[bytes], cover: Cover, exported: Exported, *, most: int) -> int:
    """This will write the whole workbook and return how many rows it has. Raises Full.

    Rows go to disk as they come; every text is written as a text, which no spreadsheet computes.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        _describe(book, cover)
        about = book.add_worksheet(_sheet_name(_("About this file")))
        data = book.add_worksheet(_sheet_name(str(cover.kind.label)))
        for sheet in (about, data):
            _mark_pages(sheet, cover)
        try:
            rows = _write_rows(book, data, cover, exported.rows, most)
        finally:
            _let_go(exported.rows)
        _write_about(book, about, cover, exported, rows)
    return rows


def _let_go(rows: Iterable[Any]) -> None:
    """Rows that are not read to their end hold a cursor, which must close in its transaction."""
    if isinstance(rows, Generator):
        rows.close()


def _sheet_name(text: str) -> str:
    return _NOT_IN_NAMES.sub(" ", text)[:_LONGEST_NAME]


def _describe(book: xlsxwriter.Workbook, cover: Cover) -> None:
    book.set_properties(
        {
            "title": f"{cover.kind.label} {cover.mark}",
            "subject": cover.mark,
            "author": cover.person,
            "comments": f"{cover.mark} · {cover.person} · {cover.time}",
            "created": cover.at.astimezone(dt.UTC).replace(tzinfo=None),
        }
    )
    book.set_custom_property("export_code", cover.code)


def _mark_pages(sheet: xlsxwriter.worksheet.Worksheet, cover: Cover) -> None:
    """Code, person and time above and below every printed page."""
    texts = (cover.mark, cover.person, cover.time)
    left, centre, right = (text[:_LONGEST_PAGE_TEXT].replace("&", "&&") for text in texts)
    sheet.set_header(f"&L{left}&C{centre}&R{right}")
    sheet.set_footer(f"&L{left}&C{centre} · {right}&R&P / &N")
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _write_rows(
    book: xlsxwriter.Workbook,
    sheet: xlsxwriter.worksheet.Worksheet,
    cover: Cover,
    rows: Iterable[Sequence[Any]],
    most: int,
) -> int:
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    mark = book.add_format({"font_color": _MARK_COLOUR, "font_size": 8, "italic": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    columns = cover.kind.columns
    for place, (title, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, str(title), heading)
    last = len(columns)
    sheet.set_column(last, last, 11)
    sheet.write_string(0, last, _("Mark"), mark)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    line = 0
    for line, row in enumerate(rows, start=1):
        if line > most:
            raise Full
        for place, value in enumerate(row):
            _write_cell(sheet, line, place, value, day)
        # In every row, so that a part of the sheet is known by it too.
        sheet.write_string(line, last, cover.mark, mark)
    return line


def _write_cell(
    sheet: xlsxwriter.worksheet.Worksheet, line: int, place: int, value: Any, day: Any
) -> None:
    if value is None:
        return
    if isinstance(value, numbers.Number) and not isinstance(value, bool):
        sheet.write_number(line, place, value)
    elif isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        sheet.write_datetime(line, place, value, day)
    else:
        sheet.write_string(line, place, str(value))


def _write_about(
    book: xlsxwriter.Workbook,
    sheet: xlsxwriter.worksheet.Worksheet,
    cover: Cover,
    exported: Exported,
    rows: int,
) -> None:
    title = book.add_format({"bold": True, "font_size": 14})
    label = book.add_format({"bold": True, "valign": "top"})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 80)
    sheet.write_string(0, 0, str(cover.kind.label), title)
    words = cover.kind.words_of()(exported.filters)
    filters = "\n".join(f"{name}: {value}" for name, value in words) or _("none")
    facts = [
        (_("Code of the file"), cover.mark),
        (_("Made by"), f"{cover.person}, {cover.staff.branch.label}"),
        (_("Made at"), cover.time),
        (_("Reason"), cover.reason),
        (_("Filters"), filters),
        (_("Columns"), ", ".join(str(heading) for heading, _width in cover.kind.columns)),
        (_("Rows"), str(rows)),
        (_("Content"), _content(cover.kind)),
        (
            _("Handling"),
            str(cover.kind.handling)
            or _(
                "For work within the bank only. This file is recorded with its code and its "
                "fingerprint; whoever passes it on answers for it. Delete it when it is not "
                "needed any more."
            ),
        ),
    ]
    for line, (name, value) in enumerate(facts, start=2):
        sheet.write_string(line, 0, name, label)
        sheet.write_string(line, 1, value, text)


def _content(kind: Exportable) -> str:
    if kind.is_about_customers:
        return _("Rows about customers; names, phones and addresses are masked.")
    return _("Figures only; no rows about single persons.")
