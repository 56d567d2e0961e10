"""The bad cells of an import as people get them: masked, in a CSV file, a workbook or a report."""

import contextlib
import csv
import itertools
import json
import os
import re
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path

import xlsxwriter
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.intake.operations import merging
from portal.intake.operations.reading import NO_CELLS, Row
from portal.intake.rules import Finding, ImportKind
from portal.kit import masking

_CONTROL = re.compile("[\x00-\x1f\x7f]")
# More would be no help to a person, and a sheet holds only a million rows.
MOST_IN_WORKBOOK = 100_000


def fallback(name: str) -> Path:
    """This will return where a file of bad rows goes that cannot lie beside its source."""
    return settings.VAR_DIR / "imports" / Path(name).name


def write_file(path: Path) -> Path:
    """This will write the bad cells to `path`, in var/imports where that cannot be written, and
    return where they are; the ending .xlsx makes a workbook."""
    write = _write_workbook if path.suffix == ".xlsx" else _write_csv
    try:
        write(path)
    except OSError:
        path = fallback(path.name)
        write(path)
    return path


def first(most: int) -> Iterator[Finding]:
    """This will yield the first bad cells, at most so many."""
    with contextlib.closing(_all()) as found:
        yield from itertools.islice(found, most)


def masked_rows(
    kind: ImportKind, names: list[str], rows: Iterable[Row]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """This will yield rows with their personal values masked; those that cannot be told apart into
    cells are left out."""
    masks = [kind.column(name).mask for name in names]
    for number, texts in rows:
        if not isinstance(texts, NO_CELLS):
            yield (
                number,
                tuple(
                    mask(text.strip()) if mask else masking.mask_text(text)[:80]
                    # What cannot be shown cannot be kept either: JSON of the database has no NUL.
                    for mask, text in zip(
                        masks, (_CONTROL.sub(" ", text or "") for text in texts), strict=False
                    )
                ),
            )


def _all() -> Generator[Finding, None, None]:
    with contextlib.closing(merging.bad_cells()) as cells:
        for row_number, column, value, reason, params in cells:
            sentence = reason.format(**json.loads(params))
            yield Finding(row_number, column, masking.mask_text(value), sentence)


def _write_csv(path: Path) -> None:
    # With a byte order mark, so that a spreadsheet reads the Chinese right.
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["row", "column", "value", "reason"])
        for found in _all():
            texts = map(_harmless, (found.value, found.reason))
            writer.writerow([found.row, found.column, *texts])


def _harmless(text: str) -> str:
    """No spreadsheet computes a text that begins with an apostrophe; some read the wide signs and
    drop blanks before a sign."""
    return f"'{text}" if text.lstrip()[:1] in set("=+-@＝＋－＠") else text


def _write_workbook(path: Path) -> None:
    """Every cell is written as text, which no spreadsheet computes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with (
        os.fdopen(os.open(path, flags, 0o600), "wb") as handle,
        xlsxwriter.Workbook(handle, {"constant_memory": True}) as book,
    ):
        sheet = book.add_worksheet(_("Bad rows"))
        sheet.freeze_panes(1, 0)
        sheet.set_column(1, 2, 24)
        sheet.set_column(3, 3, 80)
        _write_lines(sheet, first(MOST_IN_WORKBOOK + 1))


def _write_lines(sheet: xlsxwriter.worksheet.Worksheet, found: Iterable[Finding]) -> None:
    heads = [_("Row"), _("Column"), _("Value"), pgettext("bad cell", "Reason")]
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head)
    for line, finding in enumerate(found, start=1):
        if line > MOST_IN_WORKBOOK:
            sheet.write_string(line, 3, _("There are more; correct these first."))
            return
        sheet.write_number(line, 0, finding.row)
        for column, text in enumerate((finding.column, finding.value, finding.reason), start=1):
            sheet.write_string(line, column, text)
