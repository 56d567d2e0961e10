"""The copy of a person's data as a file: made, noted and handed out at once, kept nowhere."""

import datetime as dt
import hashlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from journeys.rights import queries
from journeys.rights.enums import CopyForm, RightsEventKind, RightsState
from journeys.rights.models import RightsCopy, RightsRequest
from journeys.rights.operations.history import IdentityMissing, add_event, locked
from journeys.rights.queries.copying import sheets_of
from journeys.rights.queries.holdings import persons_of
from journeys.rights.queries.mentions import mentions_of
from portal.kit import clock
from portal.staff.models import Staff

MOST_COPIES = 3
# A cell of a workbook holds 32,767 units of UTF-16, and one sign takes up to two of them.
_LONGEST_CELL = 16_000
_BLOCK = 1 << 20


class TooManyCopies(Exception):
    """Raised when a request has had as many copies as it may."""


class DayIsFull(Exception):
    """Raised when who makes the copy has made as many as the day allows, or no rule is in force;
    the text is for a person."""


@transaction.atomic
def make_copy(
    *, request_id: int, form: str, actor: Staff, at: dt.datetime
) -> tuple[RightsCopy, IO[bytes]]:
    """This will write everything held about the person into a file and note who had it made, when,
    and its SHA-256. The file has no name in any folder and is gone when it is closed.

    Raises NotInState, IdentityMissing, TooManyCopies, DayIsFull.
    """
    request = locked(request_id, RightsState.OPEN)
    if not request.has_identity:
        raise IdentityMissing(request.number)
    if request.copies.count() >= MOST_COPIES:
        raise TooManyCopies(request.number)
    on = clock.bank_day(at)
    number, allowed = _next_of_day(actor, on)
    handle = tempfile.TemporaryFile(dir=_folder())  # noqa: SIM115 (the caller closes it)
    try:
        write = _write_workbook if form == CopyForm.XLSX else _write_json
        tables, rows = write(request, handle, at)
        copy = RightsCopy.objects.create(
            request=request,
            form=form,
            made_at=at,
            made_by=actor,
            tables=tables,
            rows=rows,
            size=handle.tell(),
            sha256=_sha256(handle),
            on_date=on,
            number_of_day=number,
            allowed=allowed,
        )
        changes = {
            "form": form, "tables": tables, "rows": rows, "sha256": copy.sha256,
            "number_of_day": number, "allowed": allowed,
        }  # fmt: skip
        add_event(request=request, kind=RightsEventKind.COPIED, actor=actor, at=at, changes=changes)
    except BaseException:
        handle.close()
        raise
    handle.seek(0)
    return copy, handle


def _next_of_day(actor: Staff, on: dt.date) -> tuple[int, int]:
    """The number that the copy has among those of who makes it, and how many the day allows;
    until the commit nobody else counts for that person. Raises DayIsFull."""
    rule = queries.rule_on(on)
    if rule is None:
        raise DayIsFull(
            _(
                "No rule for requests about data is in force on {day}. An administrator must add "
                "one first."
            ).format(day=on)
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"rights_copy:{actor.pk}"]
        )
    used = queries.copies_on(actor=actor, day=on)
    if used >= rule.copies_per_day:
        raise DayIsFull(
            _(
                "You have made {used} of {limit} copies today. Go on tomorrow; if the answer "
                "cannot wait, ask another compliance officer."
            ).format(used=used, limit=rule.copies_per_day)
        )
    return used + 1, rule.copies_per_day


def _folder() -> Path:
    """Where unsealed data may lie for the moment: a folder of the server's own user."""
    folder = settings.VAR_DIR / "copies"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _sha256(handle: IO[bytes]) -> str:
    handle.seek(0)
    digest = hashlib.sha256()
    while block := handle.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest()


def _heading(request: RightsRequest, at: dt.datetime) -> list[str]:
    day, named = clock.bank_day(at), mentions_of(persons_of(request))
    lines = [
        _("Copy of the personal data held, for the request {number} of {day}").format(
            number=request.number, day=request.received_date
        ),
        _("Made on {day}. The file is confidential; the bank keeps none.").format(day=day),
        # Said in every copy, so that it tells nothing of this one.
        _(
            "Of values that members of staff looked at, the copy says which, when and in which "
            "role. What a law demands to be kept secret is in no copy (Personal Information "
            "Protection Law, art. 18 and 45)."
        ),
    ]
    if named:
        lines += [
            _(
                "Besides, the bank's record of its own work names the person, or somebody of the "
                "same name. These rows are not in this copy, because they speak of what members of "
                "staff did, and of other persons too:"
            ),
            *(f"{each.name}: {each.rows}" for each in named),
        ]
    return lines


def _write_json(request: RightsRequest, handle: IO[bytes], at: dt.datetime) -> tuple[int, int]:
    """Row by row, so that a long history takes no memory."""
    tables = rows = 0
    head = json.dumps({"about": _heading(request, at)}, ensure_ascii=False)[:-1]
    handle.write(f'{head}, "tables": ['.encode())
    for sheet in sheets_of(persons_of(request)):
        opening = {"name": sheet.name, "columns": sheet.heads}
        start = json.dumps(opening, ensure_ascii=False)[:-1]
        handle.write(f'{"," if tables else ""}\n{start}, "rows": ['.encode())
        for place, row in enumerate(sheet.rows):
            handle.write(f"{',' if place else ''}\n{json.dumps(row, ensure_ascii=False)}".encode())
            rows += 1
        handle.write(b"]}")
        tables += 1
    handle.write(b"]}\n")
    return tables, rows


def _write_workbook(request: RightsRequest, handle: IO[bytes], at: dt.datetime) -> tuple[int, int]:
    """A sheet for each table; every cell is text or a number, which no spreadsheet computes."""
    tables = rows = 0
    with tempfile.TemporaryDirectory(dir=_folder()) as folder:
        options = {"constant_memory": True, "tmpdir": folder}
        with xlsxwriter.Workbook(handle, options) as book:
            bold = book.add_format({"bold": True})
            first = book.add_worksheet(_("About this file"))
            first.set_column(0, 0, 100)
            long_texts = _(
                "A text that is too long for one cell goes on in the cells below it; what stands "
                "beside them is then empty."
            )
            for line, text in enumerate([*_heading(request, at), long_texts]):
                first.write_string(line, 0, text)
            for sheet in sheets_of(persons_of(request)):
                tables += 1
                page = book.add_worksheet(f"{tables} {sheet.name}"[:31])
                page.freeze_panes(1, 0)
                page.set_column(0, len(sheet.heads), 20)
                for column, head in enumerate(sheet.heads):
                    page.write_string(0, column, head, bold)
                rows += _write_rows(page, sheet.rows)
    return tables, rows


def _write_rows(page: xlsxwriter.worksheet.Worksheet, found: Iterator[list[Any]]) -> int:
    rows = line = 0
    for row in found:
        rows += 1
        for cells in _lines_of(row):
            line += 1
            for column, value in cells:
                if isinstance(value, int):
                    page.write_number(line, column, value)
                else:
                    page.write_string(line, column, value)
    return rows


def _lines_of(row: list[Any]) -> Iterator[list[tuple[int, Any]]]:
    """A row as lines of (column, value): what is too long for a cell goes on in the lines below,
    which hold nothing else."""
    yield [
        (column, value if isinstance(value, int) else value[:_LONGEST_CELL])
        for column, value in enumerate(row)
    ]
    for start in range(_LONGEST_CELL, _longest(row), _LONGEST_CELL):
        yield [
            (column, value[start : start + _LONGEST_CELL])
            for column, value in enumerate(row)
            if isinstance(value, str) and len(value) > start
        ]


def _longest(row: list[Any]) -> int:
    return max((len(value) for value in row if isinstance(value, str)), default=0)
