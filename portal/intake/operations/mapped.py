"""Importing a foreign file as a mapping says: one kind after the other, each by the one path."""

import contextlib
import datetime as dt
import functools
import hashlib
import itertools
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from portal.intake.operations import importing, reading, staging
from portal.intake.rules import BadCell, BadText, FileRefused, ImportReport, cells
from portal.intake.rules.making import Row
from portal.intake.rules.mapping import FileMapping, Share, read_mapping
from portal.intake.rules.specs import Spec
from portal.kit import clock
from portal.kit.registry import registry
from portal.staff.models import Staff

_MOST_BYTES = 1 << 20


@dataclass(frozen=True)
class MadeCell:
    """One cell that a mapping makes: the line that says how, the foreign columns it comes from,
    what comes out (masked), and why that is bad ("" where it is good)."""

    name: str
    line: int
    uses: tuple[str, ...]
    shown: str
    reason: str


@dataclass(frozen=True)
class MadeRow:
    """What becomes of a row of the foreign file; `reason` says why the whole row is bad."""

    kind: str
    number: int
    cells: tuple[MadeCell, ...]
    reason: str = ""


@dataclass
class _MappedTable(reading.Table):
    """The rows of a foreign file as rows of one kind."""

    beneath: reading.Table | None = None

    def close(self) -> None:
        super().close()
        if self.beneath is not None:
            self.beneath.close()


def load_mapping(path: Path) -> FileMapping:
    """This will read a mapping file. Raises FileRefused with a sentence for each problem."""
    try:
        with path.open("rb") as handle:
            text = handle.read(_MOST_BYTES).decode("utf-8-sig")
    except OSError as error:
        raise FileRefused(
            _("The mapping cannot be read ({reason}). Check its name and who may read it.")
            .format(reason=error.strerror or type(error).__name__)
        ) from error  # fmt: skip
    except UnicodeDecodeError as error:
        raise FileRefused(_("The mapping is not UTF-8; save it as UTF-8.")) from error
    return read_mapping(text, path.name, registry.import_kinds)


def import_mapped(
    *,
    mapping: FileMapping,
    path: Path,
    actor: Staff | None,
    at: dt.datetime,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _read: None,
) -> list[ImportReport]:
    """This will take a foreign file in, one kind after the other, and return a report for each.

    Bad rows of each kind go to `FILE.KIND.errors.csv`. A kind that was taken in stays, whatever
    becomes of the next. With `dry_run` all of them are taken back at the end; only the batch rows
    stay. Raises FileRefused.
    """
    with contextlib.closing(_open(mapping, path)) as table:
        digest = table.digest

    def take_in() -> list[ImportReport]:
        return [
            importing.import_table(
                kind=share.kind.code,
                open_table=functools.partial(_table_of, mapping, share, path),
                source_name=path.name,
                errors_path=path.with_name(f"{path.name}.{share.kind.code}.errors.csv"),
                actor=actor,
                at=at,
                progress=progress,
            )
            for share in mapping.shares
        ]

    if not dry_run:
        return take_in()
    with transaction.atomic():
        point = transaction.savepoint()
        reports = take_in()
        transaction.savepoint_rollback(point)
        return [
            importing.record_trial(report=report, digest=digest, actor=actor, at=at)
            for report in reports
        ]


def explain_mapping(
    *, mapping: FileMapping, path: Path, at: dt.datetime, rows: int
) -> list[MadeRow]:
    """This will show what the first rows of a foreign file become, without asking the database
    whether what they name is there. Raises FileRefused."""
    latest = importing.latest_on(clock.bank_day(at))
    made = []
    for share in mapping.shares:
        readers = {
            spec.name: staging.Reader(column, latest(column))
            for spec in share.cells
            for column in [share.kind.column(spec.name)]
        }
        with contextlib.closing(_open(mapping, path)) as table:
            for number, row in itertools.islice(_kept(mapping, share, table), rows):
                made.append(_explained(share, readers, number, row))
    return made


def _explained(
    share: Share, readers: Mapping[str, staging.Reader], number: int, row: dict[str, str] | BadCell
) -> MadeRow:
    if isinstance(row, BadCell):
        return MadeRow(share.kind.code, number, (), _sentence(row))
    made = []
    for spec in share.cells:
        reader, reason = readers[spec.name], ""
        text = _made(spec, row)
        try:
            text = reader.parse(text) or ""
        except BadCell as bad:
            reason = _sentence(bad)
        mask = reader.column.mask
        shown = mask(text) if mask and text else str(text)
        made.append(MadeCell(spec.name, spec.line, spec.uses, shown, reason))
    return MadeRow(share.kind.code, number, tuple(made))


def _sentence(bad: BadCell) -> str:
    return str(bad.reason.text).format(**bad.params)


def _open(mapping: FileMapping, path: Path) -> reading.Table:
    layout = reading.Layout(mapping.separator, mapping.skip_lines, mapping.names)
    table = reading.open_table(path, layout)
    try:
        mapping.check_columns(table.names)
    except FileRefused:
        table.close()
        raise
    return table


def _table_of(mapping: FileMapping, share: Share, path: Path) -> reading.Table:
    beneath = _open(mapping, path)
    names = [spec.name for spec in share.cells]
    source = _rows_of(mapping, share, beneath)
    # By another mapping the same file holds other rows.
    digest = hashlib.sha256(f"{mapping.digest} {beneath.digest}".encode()).hexdigest()
    return _MappedTable(names, source, digest, source, beneath.warnings, beneath)


def _rows_of(
    mapping: FileMapping, share: Share, table: reading.Table
) -> Generator[reading.Row, None, None]:
    makers = [spec.make for spec in share.cells]
    for number, row in _kept(mapping, share, table):
        if isinstance(row, BadCell):
            yield number, row
        elif _failed_in(row, row):
            yield number, [_made(spec, row) for spec in share.cells]
        else:
            yield number, [make(row) for make in makers]


def _made(spec: Spec, row: Row) -> str:
    """A cell as its mapping makes it; a failed formula among what it is made of stays one."""
    return _failed_in(row, spec.uses) or spec.make(row)


def _failed_in(row: Row, names: Iterable[str]) -> BadText | None:
    texts = (row[name.lower()] for name in names)
    return next((text for text in texts if isinstance(text, BadText)), None)


def _kept(
    mapping: FileMapping, share: Share, table: reading.Table
) -> Generator[tuple[int, dict[str, str] | BadCell], None, None]:
    """The rows that count, as texts by column; a row that cannot be read counts as bad."""
    names, empty, width = table.names, mapping.empty, len(table.names)
    asked = [name for condition in share.conditions for name in condition.uses]
    for number, texts in table.rows:
        try:
            found = staging.fit(texts, width)
        except BadCell as bad:
            yield number, bad
            continue
        row = {
            name: "" if text.strip() in empty else cells.read_failed(text)
            for name, text in zip(names, found, strict=True)
        }
        if failed := _failed_in(row, asked):
            yield number, failed.bad  # whether the row counts cannot be known
        elif share.keeps(row):
            yield number, row
